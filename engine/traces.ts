/**
 * Does some work in which nobody asks where an object was made: cdktf records a stack trace for every token and construct,
 * half of the time of a synthesis, and throws all of them away. Traces of errors stay.
 */
export function withoutTraces<T>(work: () => T): T {
  const capture = Error.captureStackTrace;
  Error.captureStackTrace = (target, until) => {
    if (target instanceof Error) capture(target, until);
  };
  try {
    return work();
  } finally {
    Error.captureStackTrace = capture;
  }
}
