# Edge cases in the `spec` form of ../shared/data/r_survival/reference_dev.json, beyond those of that file.
# Run here:  Rscript make_reference_edges.R     (R with survival; written with R 4.2.2, survival 3.5.3)
library(survival)
source("json.R")

types <- c(ci_plain = "plain", ci_log = "log", ci_loglog = "log-log", ci_logit = "logit", ci_arcsin = "arcsin")
shares <- c(0.1, 0.25, 0.5, 0.75, 0.9)

curve <- function(s, at, tau) {
  fit <- survfit(s ~ 1)
  out <- list(n = fit$n, n_max = max(fit$n.risk), n_start = fit$n.risk[1], events = sum(fit$n.event), curve = list(
    time = fit$time, n_risk = fit$n.risk, n_event = fit$n.event, n_censor = fit$n.censor, surv = fit$surv,
    std_err_S = fit$std.err * fit$surv, std_err_cumhaz = fit$std.chaz, cumhaz_nelson_aalen = fit$cumhaz))
  for (name in names(types)) {
    f <- survfit(s ~ 1, conf.type = types[[name]])
    q <- quantile(f, shares)
    t <- summary(f, times = at, extend = TRUE)
    out[[name]] <- list(
      quantiles = list(q = shares, est = q$quantile, lower = q$lower, upper = q$upper),
      at_times = list(time = t$time, n_risk = t$n.risk, surv = t$surv, std_err = t$std.err, lower = t$lower, upper = t$upper))
  }
  if (!is.null(tau)) {
    m <- summary(fit, rmean = tau)$table
    out$rmst <- list(tau = tau, rmst = m[["rmean"]], se = m[["se(rmean)"]])
  }
  out
}

km <- function(d, at, start = FALSE, tau = NULL) {
  s <- if (start) Surv(d$start, d$time, d$event) else Surv(d$time, d$event)
  list(kind = "edge_km", spec = list(inline = c(if (start) list(start = d$start), list(time = d$time, event = d$event)), at_times = at),
       result = curve(s, at, tau))
}

rows <- function(d) lapply(seq_len(nrow(d)), function(i) as.list(d[i, ]))

lr <- function(d) {
  f <- try(survdiff(Surv(time, event) ~ g, d), silent = TRUE)
  df <- length(unique(d$g)) - 1
  found <- if (inherits(f, "try-error")) list(error = "R stops") else list(
    rho = 0, n = as.vector(f$n), observed = f$obs, expected = f$exp, var = f$var, chisq = f$chisq, df = df,
    p = pchisq(f$chisq, df, lower.tail = FALSE))
  list(kind = "edge_logrank", spec = list(inline = rows(d)), result = found)
}

cx <- function(d, formula, ties = "efron") {
  warned <- character()
  f <- withCallingHandlers(coxph(as.formula(formula), d, ties = ties, control = coxph.control(eps = 1e-12)), warning = function(w) {
    warned <<- c(warned, conditionMessage(w)); invokeRestart("muffleWarning") })
  s <- summary(f)
  list(kind = "edge_cox", spec = list(inline = rows(d), formula = formula, ties = ties), result = list(
    n = f$n, nevent = f$nevent, terms = names(coef(f)), coef = unname(coef(f)), se = s$coefficients[, "se(coef)"],
    z = s$coefficients[, "z"], p = s$coefficients[, 5], hr = s$conf.int[, 1], hr_lower95 = s$conf.int[, 3],
    hr_upper95 = s$conf.int[, 4], loglik_null = f$loglik[1], loglik = f$loglik[length(f$loglik)],
    lrt = unname(s$logtest), wald = unname(s$waldtest), score = unname(s$sctest), vcov = unname(vcov(f)),
    concordance = unname(s$concordance[1]), concordance_se = unname(s$concordance[2]), warnings = warned))
}

D <- data.frame
set.seed(3)
big <- D(start = sample(0:5, 30, TRUE), len = sample(1:9, 30, TRUE), event = rbinom(30, 1, 0.6))
big$time <- big$start + big$len
cases <- list(
  lt1 = km(D(start = c(0, 0, 1, 2, 4), time = c(3, 5, 4, 6, 7), event = c(1, 0, 1, 1, 0)), c(1, 3, 4, 6), TRUE),
  lt_big = km(big, c(0, 2, 4, 6, 8, 20), TRUE),
  lt_dies_out = km(D(start = c(0, 0, 5, 5), time = c(2, 3, 7, 8), event = c(1, 1, 1, 0)), c(1, 3, 6, 8), TRUE),
  beyond = km(D(time = c(1, 2, 3, 4), event = c(1, 0, 1, 0)), c(2, 10), tau = 8),
  beyond0 = km(D(time = c(1, 2, 3, 4), event = c(1, 0, 1, 1)), c(2, 10), tau = 8),
  zero_c = km(D(time = c(0, 0, 1, 2), event = c(0, 1, 0, 1)), c(0, 1, 2), tau = 2),
  all0 = km(D(time = c(0, 0, 0), event = c(1, 0, 1)), c(0, 1)),
  tiny = km(D(time = c(1e-3, 2e-3, 1e6), event = c(1, 1, 0)), c(1e-3, 1, 1e6), tau = 10),
  flat25 = km(D(time = 1:8, event = c(1, 1, 0, 0, 0, 0, 1, 1)), c(2, 5)),
  lr_none = lr(D(time = 1:4, event = 0, g = c("a", "a", "b", "b"))),
  lr_three = lr(D(time = c(1, 2, 3, 4, 5, 6, 7, 8, 9), event = c(1, 1, 0, 1, 1, 0, 1, 0, 1), g = rep(c("a", "b", "c"), 3))),
  lr_never = lr(D(time = c(1, 1, 5, 6, 7, 8), event = c(0, 0, 1, 1, 0, 1), g = c("a", "a", "b", "b", "b", "b"))),
  lr_sep = lr(D(time = c(1, 2, 3, 10, 11, 12), event = c(1, 1, 1, 1, 1, 1), g = c("a", "a", "a", "b", "b", "b"))),
  lr_tied = lr(D(time = rep(1, 6), event = c(1, 1, 1, 1, 1, 1), g = rep(c("a", "b"), 3))),
  lr_tied2 = lr(D(time = rep(c(1, 2), 6), event = c(1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1), g = rep(c("a", "b", "c"), 4))),
  c_col = cx(D(time = 1:8, event = c(1, 1, 0, 1, 1, 1, 0, 1), x = c(1, 0, 1, 1, 0, 0, 1, 0), y = 2*c(1, 0, 1, 1, 0, 0, 1, 0)), "Surv(time, event)~x+y"),
  c_mono = cx(D(time = 1:8, event = c(1, 1, 1, 1, 0, 0, 0, 0), x = rep(1:0, each = 4), y = c(3, 1, 2, 5, 4, 2, 7, 1)), "Surv(time, event)~x+y"),
  c_tied = cx(D(time = rep(1:2, each = 6), event = c(1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1), x = c(1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0)), "Surv(time, event)~x"),
  c_tied_b = cx(D(time = rep(1:2, each = 6), event = c(1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1), x = c(1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0)), "Surv(time, event)~x", "breslow"),
  c_tied_e = cx(D(time = rep(1:2, each = 6), event = c(1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1), x = c(1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0)), "Surv(time, event)~x", "exact"),
  c_one = cx(D(time = c(2, 1, 3), event = c(1, 0, 0), x = c(1, 5, 2)), "Surv(time, event)~x"),
  c_alltied = cx(D(time = rep(1, 4), event = c(1, 1, 0, 0), x = c(1, 2, 3, 1)), "Surv(time, event)~x"),
  c_big = cx(D(time = 1:8, event = c(1, 1, 0, 1, 1, 1, 0, 1), x = 1e6+c(1, 0, 1, 1, 0, 3, 1, 0), y = 1e-6*c(5, 3, 2, 7, 1, 1, 2, 3)), "Surv(time, event)~x+y"),
  c_int = cx(D(time = c(1:12), event = c(1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1), x = rep(0:1, 6), g = rep(c("a", "b", "c"), each = 4)), "Surv(time, event)~x*g"),
  c_zero = cx(D(time = c(0, 0, 1, 2, 3, 4), event = c(1, 0, 1, 1, 0, 1), x = c(1, 2, 3, 1, 2, 4)), "Surv(time, event)~x"),
  c_12 = cx(D(time = 1:6, event = c(2, 1, 2, 2, 1, 2), x = c(1, 2, 3, 1, 2, 4)), "Surv(time, event)~x+log(x)"),
  c_dup = cx(D(start = c(0, 0, 0, 2, 2, 3), time = c(2, 4, 5, 6, 6, 7), event = c(1, 1, 0, 1, 1, 0), x = c(1, 0, 1, 0, 1, 0)), "Surv(start, time, event)~x"),
  c_late_e = cx(D(start = c(0, 0, 0, 2, 2, 3), time = c(2, 4, 5, 6, 7, 8), event = c(1, 1, 0, 1, 1, 0), x = c(1, 0, 1, 0, 1, 0)), "Surv(start, time, event)~x", "breslow"),
  c_strata_noev = cx(D(time = 1:8, event = c(1, 1, 0, 1, 0, 0, 0, 0), x = c(1, 0, 1, 0, 1, 0, 1, 1), s = rep(1:2, each = 4)), "Surv(time, event)~x+strata(s)")
 )
writeLines(json(list(meta = list(R = R.version.string, survival = as.character(packageVersion("survival"))), cases = cases)),
           "reference_edges.json")
