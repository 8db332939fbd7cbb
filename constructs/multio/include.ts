import { createHash } from "node:crypto";
import type { StatedMultio } from "../../model/site/multio";
import type { Connection } from "../hpc/connections";
import { files } from "../hpc/places";
import { plansYaml } from "./plan";

/**
 * Files, by their path, of a host or a pod that submits jobs: what suites include so that a model finds its plans.
 * @param at their first line
 */
export const plansFor = (
  at: string,
  connections: readonly Connection[],
  stated: readonly StatedMultio[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stated.flatMap((said) => {
      const plans = plansYaml(said);
      const there = connections.flatMap(({ name, supercomputer, folder }) =>
        supercomputer.name === said.supercomputer && folder !== undefined ? [{ name, folder }] : [],
      );
      if (there.length === 0) return [];
      const yaml = `multio-${said.multio}.yaml`;
      return [
        [`${files.include}/${yaml}`, `${at}\n${plans}`],
        ...there.map(({ name, folder }) => [
          `${files.include}/multio-${said.multio}-${name}.h`,
          bringing(yaml, `${folder}/multio/${said.multio}-${digestOf(plans)}.yaml`),
        ]),
      ];
    }),
  );

const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

/**
 * Lays plans where all nodes of a job see them. Their digest is in the name: a job that runs keeps those that it began with.
 * @see ecFlow, pre-processing of scripts: between nopp and end nothing is replaced; multio, src/multio/config/PathConfiguration.h
 */
const bringing = (yaml: string, file: string): string => `%nopp
MULTIO_SERVER_CONFIG_FILE=${file}
if [ ! -s "$MULTIO_SERVER_CONFIG_FILE" ]; then
  mkdir -p "\${MULTIO_SERVER_CONFIG_FILE%/*}"
  MULTIO_PART=$(mktemp "$MULTIO_SERVER_CONFIG_FILE.XXXXXX")
  cat > "$MULTIO_PART" << 'end of plans'
%end
%includenopp <${yaml}>
%nopp
end of plans
  chmod 0644 "$MULTIO_PART"
  mv "$MULTIO_PART" "$MULTIO_SERVER_CONFIG_FILE"
  unset MULTIO_PART
fi
export MULTIO_SERVER_CONFIG_FILE
%end
`;
