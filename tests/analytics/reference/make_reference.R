# What R says about synthetic.csv, in the form of ../shared/data/r_survival/reference_dev.json.
# Run here:  Rscript make_reference.R     (R with survival; written with R 4.2.2, survival 3.5.3)
# synthetic.csv is drawn below from a seed: no patient stands behind it.
library(survival)

set.seed(20261124)
n <- 60
d <- data.frame(
  id = 1:n,
  arm = rep(c("combined", "alone"), length.out = n),
  centre = sample(c("c1", "c2", "c3"), n, replace = TRUE),
  age = round(rnorm(n, 45, 14)),
  sex = sample(c("F", "M"), n, replace = TRUE)
)
rate <- ifelse(d$arm == "combined", 1 / 24, 1 / 12) * exp((d$age - 45) / 60)
death <- ceiling(rexp(n, rate) * 30.4375 / 7) * 7          # whole weeks, so that times tie
censored <- ceiling(runif(n, 3, 36) * 30.4375 / 7) * 7
d$time <- pmin(death, censored)
d$status <- as.integer(death <= censored)
d$entry <- pmin(round(runif(n, 0, 60)), d$time - 1)
d$age[c(7, 23)] <- NA
write.csv(d, "synthetic.csv", row.names = FALSE, quote = FALSE)
d <- read.csv("synthetic.csv")

# A JSON writer for numbers, strings, vectors and lists: base R has none.
json <- function(x) {
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

types <- c(ci_plain = "plain", ci_log = "log", ci_loglog = "log-log", ci_logit = "logit", ci_arcsin = "arcsin")
at <- c(182.625, 365.25, 730.5)

curve <- function(data, tau = 365) {
  fit <- survfit(Surv(time, status) ~ 1, data)
  out <- list(n = nrow(data), events = sum(data$status), curve = list(
    time = fit$time, n_risk = fit$n.risk, n_event = fit$n.event, n_censor = fit$n.censor, surv = fit$surv,
    std_err_S = fit$std.err * fit$surv, std_err_cumhaz = fit$std.chaz, cumhaz_nelson_aalen = fit$cumhaz))
  for (name in names(types)) {
    f <- survfit(Surv(time, status) ~ 1, data, conf.type = types[[name]])
    q <- quantile(f, c(0.25, 0.5, 0.75))
    s <- summary(f, times = at, extend = TRUE)
    out[[name]] <- list(
      quantiles = list(q = c(0.25, 0.5, 0.75), est = q$quantile, lower = q$lower, upper = q$upper),
      at_times = list(time = s$time, n_risk = s$n.risk, surv = s$surv, std_err = s$std.err,
                      lower = s$lower, upper = s$upper))
  }
  mean <- summary(fit, rmean = tau)$table
  out$rmst <- list(tau = tau, rmst = mean[["rmean"]], se = mean[["se(rmean)"]])
  out
}

reversed <- function(data) {
  one <- function(type) {
    q <- quantile(survfit(Surv(time, 1 - status) ~ 1, data, conf.type = type), 0.5)
    c(q$quantile, q$lower, q$upper)
  }
  ll <- one("log-log"); l <- one("log")
  list(median = ll[1], loglog_lower = ll[2], loglog_upper = ll[3], log_lower = l[2], log_upper = l[3])
}

# Observed and expected summed over strata: survdiff keeps a column for each.
ranked <- function(formula, rho, data = d) {
  f <- survdiff(formula, data, rho = rho)
  total <- function(x) if (is.matrix(x)) rowSums(x) else x
  list(rho = rho, n = as.vector(f$n), observed = total(f$obs), expected = total(f$exp), var = f$var,
       chisq = f$chisq, df = length(f$n) - 1, p = pchisq(f$chisq, length(f$n) - 1, lower.tail = FALSE))
}

fitted <- function(formula, data = d) {
  f <- coxph(formula, data, ties = "efron", control = coxph.control(eps = 1e-12, toler.chol = 1e-14))
  s <- summary(f)
  list(n = f$n, nevent = f$nevent, terms = names(coef(f)), coef = unname(coef(f)), se = s$coefficients[, "se(coef)"],
       z = s$coefficients[, "z"], p = s$coefficients[, "Pr(>|z|)"], hr = s$conf.int[, "exp(coef)"],
       hr_lower95 = s$conf.int[, "lower .95"], hr_upper95 = s$conf.int[, "upper .95"],
       loglik_null = f$loglik[1], loglik = f$loglik[2], lrt = unname(s$logtest), wald = unname(s$waldtest),
       vcov = unname(vcov(f)))
}

late <- function(times) {
  out <- list(strata = c(), time = c(), n_risk = c(), surv = c(), std_err = c(), median = c())
  for (a in c("alone", "combined")) {
    f <- survfit(Surv(entry, time, status) ~ 1, subset(d, arm == a))
    s <- summary(f, times = times, extend = TRUE)
    out$strata <- c(out$strata, rep(paste0("arm=", a), length(times)))
    out$time <- c(out$time, s$time); out$n_risk <- c(out$n_risk, s$n.risk)
    out$surv <- c(out$surv, s$surv); out$std_err <- c(out$std_err, s$std.err)
    out$median <- c(out$median, quantile(f, 0.5)$quantile)
  }
  out
}

groups <- function(column) {
  levels <- sort(unique(d[[column]]))
  of <- lapply(levels, function(l) {
    part <- d[d[[column]] == l, ]
    c(list(reverse_km = reversed(part)), curve(part, tau = 200))
  })
  names(of) <- levels
  by <- as.formula(paste("Surv(time, status) ~", column))
  list(n_nonmissing = n, levels = levels, groups = of,
       tests = list(logrank = ranked(by, 0), peto_peto_rho1 = ranked(by, 1)))
}

data <- list(dataset = "synthetic.csv", filter = "TRUE")
model <- function(formula) c(data, list(formula = formula))
cases <- list(
  km_synthetic = list(kind = "km", spec = c(data, list(time = "time", event = "status==1")), result = list(
    overall = curve(d), reverse_km = reversed(d), by = list(arm = groups("arm"), centre = groups("centre")))),
  stratified = list(kind = "stratified_logrank", spec = model("Surv(time,status)~arm+strata(centre)"), result = list(
    rho0 = ranked(Surv(time, status) ~ arm + strata(centre), 0),
    rho1 = ranked(Surv(time, status) ~ arm + strata(centre), 1))),
  cox = list(kind = "cox", spec = model("Surv(time,status)~arm+age+sex"),
             result = list(efron = fitted(Surv(time, status) ~ arm + age + sex))),
  cox_strata = list(kind = "cox", spec = model("Surv(time,status)~arm+age+strata(centre)"),
                    result = list(efron = fitted(Surv(time, status) ~ arm + age + strata(centre)))),
  cox_late_entry = list(kind = "cox", spec = model("Surv(entry,time,status)~arm+age"),
                        result = list(efron = fitted(Surv(entry, time, status) ~ arm + age))),
  late_entry = list(kind = "km_left_truncated", spec = c(data, list(surv = "Surv(entry,time,status)", group = "arm")),
                    result = late(c(50, 100, 300))),
  flat_half = list(
    kind = "edge_km", spec = list(inline = list(time = c(1, 2, 3, 4), event = c(1, 1, 0, 1))),
    result = curve(data.frame(time = c(1, 2, 3, 4), status = c(1, 1, 0, 1)), tau = 3)[c("n", "events", "curve", names(types))]),
  no_events = list(
    kind = "edge_km", spec = list(inline = list(time = c(5, 9, 9), event = c(0, 0, 0))),
    result = curve(data.frame(time = c(5, 9, 9), status = 0), tau = 5)[c("n", "events", "curve", names(types))])
)
meta <- list(R = R.version.string, survival = as.character(packageVersion("survival")), significant_digits = 10)
writeLines(json(list(meta = meta, cases = cases)), "reference.json")
