/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // Many begin programs: a machine that is busy is no fault of theirs.
  testTimeout: 300_000,
  // Many wait for programs that they have begun: jest would leave one core idle.
  maxWorkers: "100%",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }] },
};
