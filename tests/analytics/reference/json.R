# A JSON writer for numbers, strings, vectors and lists: base R has none.
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, json), collapse = ","), "]"))
  if (is.list(x)) {
    inner <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(inner, collapse = ","), "]"))
    return(paste0("{", paste0('"', names(x), '": ', inner, collapse = ", "), "}"))
  }
  one <- if (is.character(x)) paste0('"', x, '"') else
    ifelse(is.finite(x), formatC(as.numeric(x), digits = 10, format = "g", width = 1), "null")
  if (length(one) == 1) one else paste0("[", paste(one, collapse = ","), "]")
}
