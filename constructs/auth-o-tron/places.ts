/** The service that vouches for who asks others, its namespace and its workload: all of one name. */
export const authOTronName = "auth-o-tron";

/** Ports of its own choice. @see auth-o-tron, "Server & Metrics" */
export const ports = { http: 8080, metrics: 9090 } as const;

/** Where pods of the same cluster ask it, at `/authenticate`. */
export const authOTronUrl = `http://${authOTronName}.${authOTronName}.svc.cluster.local:${ports.http}`;

/** By which whoever asks it knows that an answer is its own. */
export const signingSecret = { secret: "auth-o-tron/jwt", key: "secret" } as const;

/** The password of an account of ours. */
export const passwordOf = (account: string) =>
  ({ secret: `auth-o-tron/accounts/${account}`, key: "password" }) as const;

/** The realm of accounts that are no person's. */
export const platformRealm = "platform";
