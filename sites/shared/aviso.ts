import { assumed, days } from "../../model/vocabulary";

const unknown = "0".repeat(64);

/** What tells of fields that have come; NATS is of the version that Aviso's chart names. */
export const avisoImages = assumed(
  {
    server: `eccr.ecmwf.int/aviso/aviso_server:0.13.1@sha256:${unknown}`,
    nats: `docker.io/library/nats:2.12.4@sha256:${unknown}`,
    tls: `docker.io/nginxinc/nginx-unprivileged:1.28.0@sha256:${unknown}`,
  },
  "ECMWF: which version runs, and its digest, by who may log in to its registry; crane digest, of the others",
);

/**
 * The account of whoever notifies: a task of the suite, once a field can be read. Where a datamover archives, a task knows only that a
 * file lies in the outbox: it asks the FDB for the field first, as its client.
 */
export const notifier = { account: "notifier", owner: "ecflow" } as const;

/** What there is to be told of Extremes DT: once a stream of a forecast has a step more, whoever archives it says so. */
export const extremesDtEvents = assumed(
  {
    "extremes-dt": {
      identifier: {
        class: { is: "one-of", values: ["d1"] },
        dataset: { is: "one-of", values: ["extremes-dt"] },
        expver: { is: "expver" },
        stream: { is: "one-of", values: ["oper", "wave"] },
        date: { is: "date", asked: true },
        time: { is: "time" },
        type: { is: "text" },
        levtype: { is: "text" },
        step: { is: "text" },
      },
      reads: { desp: ["*"] },
      writes: { platform: ["writer"] },
      kept: days(14),
      perDay: 20_000,
    },
  } as const,
  "ECMWF: of what it notifies, how often, who may listen, and how long that is kept",
);
