import type { Heartbeat, Mail } from "../../model/site/monitoring";
import { type Need, tcp } from "../../model/site/need";
import type { Secret } from "../../model/site/secret";

const role = "monitoring";
export const folder = "/etc/prometheus";
/** Where Alertmanager reads what proves who it is. */
export const passwordFile = `${folder}/mail-password`;
export const tokenFile = `${folder}/heartbeat-token`;
/** The account of Debian's packages. */
export const account = "prometheus";

/** @see RFC 6409: submission */
export const submission = 587;

interface Reached {
  readonly mail?: Mail | undefined;
  readonly heartbeat?: Heartbeat | undefined;
}

const secretsFor = ({ mail, heartbeat }: Reached) => [
  ...(mail?.user === undefined
    ? []
    : [{ secret: "monitoring/mail", key: "password", file: passwordFile, why: "mail goes out as somebody" }]),
  ...(heartbeat?.token
    ? [{ secret: "monitoring/heartbeat", key: "token", file: tokenFile, why: "who misses us asks who we are" }]
    : []),
];

/** What Alertmanager proves itself by, if it has to. */
export const ringingSecrets = (reached: Reached): readonly Secret[] =>
  secretsFor(reached).map(({ secret, key, why }) => ({ secret, keys: [key], why }));

/** Whom Alertmanager has to reach. It reads the files of what it proves itself by each time. */
export const ringingNeeds = ({ mail, heartbeat }: Reached): readonly Need[] => [
  ...secretsFor({ mail, heartbeat }).map((is): Need => ({ need: "secret", by: { role }, owner: account, ...is })),
  ...(mail === undefined
    ? []
    : [
        {
          need: "flow" as const,
          from: { role },
          to: { outside: mail.to },
          traffic: tcp(submission),
          why: "mail tells people what rings",
          option: "mail.to",
        },
      ]),
  ...(heartbeat === undefined
    ? []
    : [
        {
          need: "flow" as const,
          from: { role },
          to: { outside: "internet" },
          traffic: tcp(Number(new URL(heartbeat.url).port || 443)),
          through: "forward-proxy",
          names: [new URL(heartbeat.url).hostname],
          why: "somebody outside misses what rings",
          option: "heartbeat",
          remedy: "add proxy()",
        },
      ]),
];
