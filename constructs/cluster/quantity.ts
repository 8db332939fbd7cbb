import type { Size } from "../../model/words/quantity";

// As Kubernetes itself writes them, which the provider would else take for changed in a LimitRange: `1Gi` is read back of `1024Mi`.

/** Memory or storage: `512Mi`, `3Gi`. */
export const sizeOf = ({ mib }: Size): string => shortest(mib, 1024, ["Mi", "Gi", "Ti", "Pi"]);

/** Of thousandths of a core: `250m`, `12`. */
export const coresOf = (milliCpu: number): string => shortest(milliCpu, 1000, ["m", "", "k"]);

/** In the largest unit in which it is whole. */
function shortest(n: number, step: number, [unit = "", ...larger]: readonly string[]): string {
  return n > 0 && n % step === 0 && larger.length > 0 ? shortest(n / step, step, larger) : `${n}${unit}`;
}
