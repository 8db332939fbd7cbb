import type { Problem } from "../../model/words/problem";

const index = /[\\/](@cdktf[\\/]provider-[^\\/]+)[\\/]lib[\\/]index\.js$/;

/** The index of a provider loads hundreds of modules for the one that is used. */
export const importProblems = (): readonly Problem[] =>
  Object.keys(require.cache).flatMap((file) => {
    const [, provider] = index.exec(file) ?? [];
    return provider === undefined
      ? []
      : [
          {
            path: provider.replace("\\", "/"),
            value: "index",
            allowed: "a submodule of the provider",
            fix: `import from "${provider.replace("\\", "/")}/lib/<resource>"`,
          },
        ];
  });
