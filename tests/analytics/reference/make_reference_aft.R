# What survreg says of time ratios, from the rows of synthetic.csv (made by make_reference.R).
# Run here:  Rscript make_reference_aft.R        (written with R 4.2.2, survival 3.5-3)
library(survival)
source("json.R")

d <- read.csv("synthetic.csv")
d$combined <- as.numeric(d$arm == "combined")
d$male <- as.numeric(d$sex == "M")

fit <- function(dist, terms) {
  d <- d[d$time > 0 & complete.cases(d[terms]), ]
  f <- survreg(reformulate(terms, "Surv(time, status)"), data = d, dist = dist,
               control = survreg.control(rel.tolerance = 1e-12, maxiter = 200))
  s <- summary(f)$table[terms, , drop = FALSE]
  list(dist = dist, terms = as.list(terms), n = nrow(d), events = sum(d$status), coef = as.list(unname(s[, "Value"])),
       se = as.list(unname(s[, "Std. Error"])), p = as.list(unname(s[, "p"])), loglik = f$loglik[2])
}

cases <- list(
  fit("weibull", "combined"), fit("lognormal", "combined"),
  fit("weibull", c("combined", "age", "male")), fit("lognormal", c("combined", "age", "male"))
)
writeLines(json(list(cases = cases)), "reference_aft.json")
