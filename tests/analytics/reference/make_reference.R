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
d$weight <- rep(c(1, 2, 0.5), length.out = n)
d$shift <- round(rnorm(n, 0, 0.3), 2)
d$block <- (1:n - 1) %/% 3
d$stage <- rep(c("I", "II", "III", "IV"), c(20, 17, 13, 10))
d$cause <- ifelse(d$status == 0, 0, 1 + (1:n) %% 3 %/% 2)
write.csv(d, "synthetic.csv", row.names = FALSE, quote = FALSE)
d <- read.csv("synthetic.csv")

source("json.R")

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

zph <- function(f, transform, terms = TRUE) {
  t <- cox.zph(f, transform, terms)$table
  list(rows = rownames(t), chisq = t[, 1], df = t[, 2], p = t[, 3])
}

fitted <- function(formula, data = d, ties = "efron", weights = NULL, robust = NULL) {
  environment(formula) <- environment()  # where cox.zph finds data and weights again
  f <- coxph(formula, data, ties = ties, weights = weights, robust = robust,
             control = coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 50))
  s <- summary(f)
  out <- list(n = f$n, nevent = f$nevent, terms = names(coef(f)), coef = unname(coef(f)),
       se = unname(sqrt(diag(vcov(f)))),
       z = s$coefficients[, "z"], p = s$coefficients[, "Pr(>|z|)"], hr = s$conf.int[, "exp(coef)"],
       hr_lower95 = s$conf.int[, "lower .95"], hr_upper95 = s$conf.int[, "upper .95"],
       loglik_null = f$loglik[1], loglik = f$loglik[2], lrt = unname(s$logtest), wald = unname(s$waldtest),
       score = unname(s$sctest), vcov = unname(vcov(f)), concordance = unname(s$concordance[1]),
       concordance_se = unname(s$concordance[2]))
  if (!is.null(f$naive.var)) out$naive_se <- sqrt(diag(f$naive.var))
  if (ties != "exact") {
    for (transform in c("km", "rank", "identity", "log")) out[[paste0("zph_", transform)]] <- zph(f, transform)
    out$zph_km_terms_false <- zph(f, "km", FALSE)
  }
  out
}

ways <- function(formula, ties = c("efron", "breslow", "exact"), ...) {
  found <- lapply(ties, function(t) fitted(formula, ties = t, ...))
  names(found) <- ties
  found
}

predicted <- function(formula, newdata, times) {
  f <- coxph(formula, d, control = coxph.control(eps = 1e-12, toler.chol = 1e-14))
  s <- summary(survfit(f, newdata, conf.type = "log"), times = times, extend = TRUE)
  base <- basehaz(f, centered = FALSE)
  base <- base[match(unique(base$hazard[base$hazard > 0]), base$hazard), ][1:10, ]
  schoenfeld <- as.matrix(residuals(f, "schoenfeld"))
  list(basehaz_uncentered_first10 = list(time = base$time, hazard = base$hazard), surv = unname(s$surv),
       std_err = unname(s$std.err), lower_log = unname(s$lower), upper_log = unname(s$upper),
       martingale_resid_sumsq = sum(residuals(f, "martingale")^2),
       deviance_resid_sumsq = sum(residuals(f, "deviance")^2),
       schoenfeld_colsums_abs = unname(colSums(abs(schoenfeld))))
}

# The three contrasts of survRM2 from the two curves' restricted means.
contrasted <- function(tau) {
  one <- function(a) summary(survfit(Surv(time, status) ~ 1, d[d$arm == a, ]), rmean = tau)$table[c("rmean", "se(rmean)")]
  m1 <- one("combined"); m0 <- one("alone"); z <- qnorm(0.975)
  row <- function(estimate, se, back) c(back(estimate + c(0, -z, z) * se), 2 * pnorm(-abs(estimate) / se))
  rows <- rbind(row(m1[[1]] - m0[[1]], sqrt(m1[[2]]^2 + m0[[2]]^2), identity),
                row(log(m1[[1]] / m0[[1]]), sqrt((m1[[2]] / m1[[1]])^2 + (m0[[2]] / m0[[1]])^2), exp),
                row(log((tau - m1[[1]]) / (tau - m0[[1]])), sqrt((m1[[2]] / (tau - m1[[1]]))^2 + (m0[[2]] / (tau - m0[[1]]))^2), exp))
  arm <- function(m) c(m[[1]], m[[2]], m[[1]] - z * m[[2]], m[[1]] + z * m[[2]])
  list(arm1 = arm(m1), arm0 = arm(m0), arm1_var = m1[[2]]^2, arm0_var = m0[[2]]^2,
       unadjusted = list(est = rows[, 1], lower = rows[, 2], upper = rows[, 3], p = rows[, 4]))
}

# Cumulative incidence by survfit's multi-state model, with weights and late entry.
states <- function(f, times = at) {
  s <- summary(f, times = times, extend = TRUE)
  list(states = f$states, times = times, pstate = unname(s$pstate), std_err = unname(s$std.err),
       lower_log = unname(s$lower), upper_log = unname(s$upper))
}

chi <- function(statistic, df) list(statistic = statistic, df = df, p = pchisq(statistic, df, lower.tail = FALSE))

trend <- function(formula, scores) {
  f <- survdiff(formula, d)
  chi(sum(scores * (f$obs - f$exp))^2 / drop(scores %*% f$var %*% scores), 1)
}

smd <- function(x, g) {
  p <- split(x, g); abs(mean(p[[1]]) - mean(p[[2]])) / sqrt((var(p[[1]]) + var(p[[2]])) / 2)
}
smd_shares <- function(x, g) {
  share <- prop.table(table(g, x), 1)[, -1, drop = FALSE]
  spread <- function(p) diag(p, length(p)) - outer(p, p)
  apart <- share[1, ] - share[2, ]
  sqrt(drop(apart %*% solve((spread(share[1, ]) + spread(share[2, ])) / 2) %*% apart))
}

share <- function(events, n) {
  w <- suppressWarnings(prop.test(events, n, correct = FALSE)$conf.int)
  list(events = events, n = n, clopper_pearson = as.vector(binom.test(events, n)$conf.int), wilson = as.vector(w))
}
newcombe <- function(a, m, b, n) {
  p <- a / m; q <- b / n
  u <- suppressWarnings(prop.test(a, m, correct = FALSE)$conf.int); v <- suppressWarnings(prop.test(b, n, correct = FALSE)$conf.int)
  list(first = c(a, m), second = c(b, n), estimate = p - q,
       lower = p - q - sqrt((p - u[1])^2 + (v[2] - q)^2), upper = p - q + sqrt((u[2] - p)^2 + (q - v[1])^2))
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

here <- list(dataset = "synthetic.csv", filter = "TRUE")
model <- function(formula) c(here, list(formula = formula))
cases <- list(
  km_synthetic = list(kind = "km", spec = c(here, list(time = "time", event = "status==1")), result = list(
    overall = curve(d), reverse_km = reversed(d), by = list(arm = groups("arm"), centre = groups("centre")))),
  stratified = list(kind = "stratified_logrank", spec = model("Surv(time,status)~arm+strata(centre)"), result = list(
    rho0 = ranked(Surv(time, status) ~ arm + strata(centre), 0),
    rho1 = ranked(Surv(time, status) ~ arm + strata(centre), 1))),
  cox = list(kind = "cox", spec = model("Surv(time,status)~arm+age+sex"), result = ways(Surv(time, status) ~ arm + age + sex)),
  cox_factor = list(kind = "cox", spec = model("Surv(time,status)~arm+stage+factor(centre)+age"),
                    result = ways(Surv(time, status) ~ arm + stage + factor(centre) + age)),
  cox_strata = list(kind = "cox", spec = model("Surv(time,status)~arm+age+strata(centre)"),
                    result = ways(Surv(time, status) ~ arm + age + strata(centre))),
  cox_many_strata = list(kind = "cox", spec = model("Surv(time,status)~age+strata(block)"),
                         result = ways(Surv(time, status) ~ age + strata(block))),
  cox_two_strata = list(kind = "cox", spec = model("Surv(time,status)~age+strata(centre,sex)"),
                        result = ways(Surv(time, status) ~ age + strata(centre, sex), ties = c("efron", "breslow"))),
  cox_late_entry = list(kind = "cox", spec = model("Surv(entry,time,status)~arm+age"),
                        result = ways(Surv(entry, time, status) ~ arm + age, ties = c("efron", "breslow"))),
  cox_late_entry_strata_cluster = list(
    kind = "cox", spec = model("Surv(entry,time,status)~arm+age+strata(centre)+cluster(block)"),
    result = ways(Surv(entry, time, status) ~ arm + age + strata(centre) + cluster(block), ties = c("efron", "breslow"))),
  cox_cluster = list(kind = "cox", spec = model("Surv(time,status)~arm+age+cluster(block)"),
                     result = ways(Surv(time, status) ~ arm + age + cluster(block), ties = c("efron", "breslow"))),
  cox_offset = list(kind = "cox", spec = model("Surv(time,status)~arm+age+offset(shift)"),
                    result = ways(Surv(time, status) ~ arm + age + offset(shift))),
  cox_weighted = list(kind = "cox", spec = c(model("Surv(time,status)~arm+age"), list(weights = "weight")), result = list(
    model = fitted(Surv(time, status) ~ arm + age, weights = d$weight, robust = FALSE),
    breslow = fitted(Surv(time, status) ~ arm + age, ties = "breslow", weights = d$weight, robust = FALSE),
    robust = fitted(Surv(time, status) ~ arm + age, weights = d$weight, robust = TRUE))),
  cox_weighted_late_strata = list(
    kind = "cox", spec = c(model("Surv(entry,time,status)~arm+age+strata(sex)"), list(weights = "weight")), result = list(
    model = fitted(Surv(entry, time, status) ~ arm + age + strata(sex), weights = d$weight, robust = FALSE),
    robust = fitted(Surv(entry, time, status) ~ arm + age + strata(sex) + cluster(id), weights = d$weight))),
  predict = list(kind = "cox_predict", spec = c(model("Surv(time,status)~age+weight"),
                 list(newdata = list(age = c(30, 60), weight = c(1, 2)), times = c(100, 300, 600))),
                 result = predicted(Surv(time, status) ~ age + weight, data.frame(age = c(30, 60), weight = c(1, 2)), c(100, 300, 600))),
  predict_late = list(kind = "cox_predict", spec = c(model("Surv(entry,time,status)~age+weight"),
                 list(newdata = list(age = 45, weight = 1), times = c(100, 300, 600))),
                 result = predicted(Surv(entry, time, status) ~ age + weight, data.frame(age = 45, weight = 1), c(100, 300, 600))),
  rmst = list(kind = "rmst2", spec = c(here, list(time = "time", event = "status", arm = "as.integer(arm=='combined')", tau = 400)),
              result = contrasted(400)),
  competing = list(kind = "competing_risks", spec = c(here, list(time = "time", code = "cause")), result = list(
    n = n, counts = as.list(table(d$cause)), survfit_multistate = states(survfit(Surv(time, factor(cause)) ~ 1, d, conf.type = "log")))),
  competing_weighted = list(
    kind = "competing_risks", spec = c(here, list(time = "time", code = "cause", weights = "weight")),
    result = list(survfit_multistate = states(survfit(Surv(time, factor(cause)) ~ 1, d, weights = weight, conf.type = "log")))),
  competing_late = list(
    kind = "competing_risks", spec = c(here, list(time = "time", code = "cause", entry = "entry")),
    result = list(survfit_multistate = states(survfit(Surv(entry, time, factor(cause)) ~ 1, d, id = id, conf.type = "log")))),
  interaction = list(kind = "model_test", spec = c(here, list(test = "interaction", effect = "arm", subgroup = "stage")), result = {
    full <- coxph(Surv(time, status) ~ arm * stage, d); part <- coxph(Surv(time, status) ~ arm + stage, d)
    chi(2 * (full$loglik[2] - part$loglik[2]), 3) }),
  adjusted = list(kind = "model_test", spec = c(here, list(test = "adjusted_log_rank", group = "stage", covariates = "age", strata = "centre")), result = {
    first <- coxph(Surv(time, status) ~ age + strata(centre), d, control = coxph.control(eps = 1e-12, toler.chol = 1e-14))
    f <- coxph(Surv(time, status) ~ age + stage + strata(centre), d, init = c(coef(first), 0, 0, 0), control = coxph.control(iter.max = 0))
    chi(f$score, 3) }),
  trend = list(kind = "model_test", spec = c(here, list(test = "trend", group = "stage")),
               result = trend(Surv(time, status) ~ stage, 1:4)),
  balance = list(kind = "balance", spec = c(here, list(group = "arm")), result = list(
    age = smd(d$age[!is.na(d$age)], d$arm[!is.na(d$age)]), time = smd(d$time, d$arm), weight = smd(d$weight, d$arm),
    sex = smd_shares(d$sex, d$arm), stage = smd_shares(d$stage, d$arm), centre = smd_shares(d$centre, d$arm))),
  proportions = list(kind = "proportions", spec = here, result = list(
    one = list(share(0, 7), share(3, 10), share(7, 7), share(13, 79), share(1, 1)),
    two = list(newcombe(56, 70, 48, 80), newcombe(0, 10, 0, 20), newcombe(9, 10, 3, 10), newcombe(10, 10, 0, 20)))),
  late_entry = list(kind = "km_left_truncated", spec = c(here, list(surv = "Surv(entry,time,status)", group = "arm")),
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
