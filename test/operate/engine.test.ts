import { reasonIn } from "../../operate/engine";

const warned = "There are some problems with the CLI configuration:\n╷\n│ Warning: No such folder\n│ \n╵";

test("a failure of the engine begins with its first error, whatever it warned of before", () => {
  const error = `${warned}\n╷\n│ Error: No such cloud\n│ \n│ it is not in clouds.yaml\n╵\n`;
  expect(reasonIn({ code: 1, output: "", error })).toMatch(/^Error: No such cloud\n\nit is not in clouds.yaml/);
  expect(reasonIn({ code: 1, output: "", error: warned })).toBe(warned);
  expect(reasonIn({ code: 3, output: "", error: "" })).toBe("it ended with 3");
});
