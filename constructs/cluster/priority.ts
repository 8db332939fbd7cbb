import type { Environment } from "../../model/words/environment";

/** The name of the class of priority of an environment. */
export const classOf = (environment: Environment): string => `databridge-${environment}`;
