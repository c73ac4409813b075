# What cmprsk and metafor say, in the form of make_reference.R, of whose synthetic.csv it takes the rows.
# Run here, after make_reference.R:  Rscript make_reference_packages.R
# (Debian: r-cran-cmprsk, r-cran-metafor; written with R 4.2.2, cmprsk 2.2-11, metafor 3.8-1)
library(survival)
suppressMessages({library(cmprsk); library(metafor)})
source("json.R")

d <- read.csv("synthetic.csv")
times <- c(100, 300, 600)

incidence <- function(data) {
  p <- timepoints(cuminc(data$time, data$cause), times)
  list(curves = rownames(p$est), times = times, est = unname(p$est), var_aalen = unname(p$var))
}

grouped <- function(column, strata = NULL, rho = 0) {
  layer <- if (is.null(strata)) rep(1, nrow(d)) else d[[strata]]
  f <- cuminc(d$time, d$cause, d[[column]], layer, rho = rho)
  p <- timepoints(f, times)
  list(group = column, strata = strata, rho = rho, n = nrow(d), curves = rownames(p$est), est = unname(p$est),
       var_aalen = unname(p$var),
       gray_tests = list(stat = unname(f$Tests[, "stat"]), p = unname(f$Tests[, "pv"]), df = unname(f$Tests[, "df"])))
}

subdistribution <- function(cause, columns) {
  x <- as.matrix(d[, columns, drop = FALSE]); known <- complete.cases(x)
  f <- crr(d$time[known], d$cause[known], x[known, ], failcode = cause, gtol = 1e-12, maxiter = 50)
  list(coef = unname(f$coef), se = unname(sqrt(diag(f$var))), loglik = f$loglik, loglik_null = f$loglik.null,
       terms = columns, n = f$n)
}

pooled <- function(y, se, between, method, knha) {
  f <- rma(y, sei = se, method = method, test = if (knha) "knha" else "z", control = list(threshold = 1e-14, maxiter = 10000))
  p <- predict(f)
  list(kind = "pooling", spec = list(estimate = y, std_err = se, between = between, hartung_knapp = knha),
       result = list(k = f$k, estimate = as.vector(f$beta), std_err = f$se, lower = f$ci.lb, upper = f$ci.ub, p_value = f$pval,
                     prediction_lower = p$pi.lb, prediction_upper = p$pi.ub, tau2 = f$tau2, i2 = f$I2, h2 = f$H2,
                     q = f$QE, q_df = f$k - 1, q_p = f$QEp))
}

here <- list(dataset = "synthetic.csv", filter = "TRUE", time = "time", code = "cause")
of_risks <- function(result) list(kind = "competing_risks", spec = here, result = result)
overall <- list(cuminc_overall = incidence(d))
y <- c(-0.42, 0.13, -0.91, 0.25, -0.30); se <- c(0.21, 0.35, 0.28, 0.19, 0.5)
even <- c(-0.40, -0.38, -0.41); even_se <- c(0.3, 0.2, 0.4)
cases <- list(
  gray_arm = of_risks(c(overall, list(by = grouped("arm")))),
  gray_stage = of_risks(c(overall, list(by = grouped("stage")))),
  gray_stratified = of_risks(c(overall, list(by = grouped("arm", "centre")))),
  gray_rho = of_risks(c(overall, list(by = grouped("stage", rho = 1)))),
  gray_stratified_rho = of_risks(c(overall, list(by = grouped("stage", "sex", 1)))),
  fine_gray = of_risks(list(fine_gray_cause1 = subdistribution(1, c("age", "block")),
                            fine_gray_cause2 = subdistribution(2, c("age", "shift", "block")))),
  pool_reml = pooled(y, se, "reml", "REML", FALSE),
  pool_reml_hartung_knapp = pooled(y, se, "reml", "REML", TRUE),
  pool_moments = pooled(y, se, "dersimonian_laird", "DL", FALSE),
  pool_moments_hartung_knapp = pooled(y, se, "dersimonian_laird", "DL", TRUE),
  pool_fixed = pooled(y, se, "fixed", "FE", FALSE),
  pool_alike = pooled(even, even_se, "reml", "REML", TRUE),
  pool_two = pooled(y[1:2], se[1:2], "reml", "REML", TRUE)
)
meta <- list(R = R.version.string, cmprsk = as.character(packageVersion("cmprsk")), metafor = as.character(packageVersion("metafor")),
             significant_digits = 10)
writeLines(json(list(meta = meta, cases = cases)), "reference_packages.json")
