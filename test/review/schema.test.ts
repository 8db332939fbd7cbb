import Ajv from "ajv/dist/2020";
import { packetJsonSchema } from "../../review/schema";
import { harmless, planted } from "./plants";
import { packet } from "./trees";

const validate = new Ajv({ strictTypes: true }).compile(packetJsonSchema());

test.each(
  Object.entries({ ...planted, ...harmless }),
)("the packet of %s has the form that the schema says", (_, plant) => {
  const json: unknown = JSON.parse(JSON.stringify(packet(typeof plant === "function" ? plant : plant[0])));
  expect([validate(json), validate.errors]).toEqual([true, null]);
});

test("another form is refused", () => {
  const { version: _, ...others } = packet(() => undefined);
  expect(validate(others)).toBe(false);
  expect(validate({ ...others, version: 1, more: [] })).toBe(false);
});
