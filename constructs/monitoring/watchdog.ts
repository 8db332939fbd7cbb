/** Always rings, so that its end is seen where Prometheus or Alertmanager is no more. */
export const watchdog = "Watchdog";
