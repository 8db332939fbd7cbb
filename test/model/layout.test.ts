import { fingerprintOf, schemaText } from "../../model/layout";
import type { Layout } from "../../model/site/layout";
import { extremesDtLayout } from "../../sites/shared/layouts";

const layout: Layout = {
  types: { step: "Step", date: "Date" },
  rules: [
    {
      dataset: { class: { is: ["d1"] }, stream: { is: ["oper", "wave"] }, date: { type: "Year" } },
      collocation: { date: { type: "Month" }, domain: { optional: true } },
      element: { date: {}, step: { optional: true, type: "Integer" }, param: {} },
    },
  ],
};

test("a layout reads as FDB's schema does: keys in their order, types, values, what may be lacking", () => {
  expect(schemaText(layout)).toBe(
    [
      "step: Step;",
      "date: Date;",
      "",
      "[ class=d1, stream=oper/wave, date: Year",
      "    [ date: Month, domain?",
      "        [ date, step: Integer?, param ]]]",
      "",
    ].join("\n"),
  );
});

test("it has another fingerprint if fields would lie elsewhere, and no other if not", () => {
  const [rule] = layout.rules;
  const turned = (keys: object) => Object.fromEntries(Object.entries(keys).reverse());
  expect(fingerprintOf(layout)).toMatch(/^[0-9a-f]{64}$/);
  expect(fingerprintOf({ ...layout, types: { date: "Date", step: "Step" } })).toBe(fingerprintOf(layout));
  const others = [
    { ...layout, types: { date: "Date" } } as const,
    ...(rule
      ? [
          { ...layout, rules: [{ ...rule, dataset: turned(rule.dataset) }] },
          { ...layout, rules: [{ ...rule, element: { ...rule.element, number: {} } }] },
          { ...layout, rules: [rule, rule] },
        ]
      : []),
  ];
  expect(new Set([layout, ...others].map(fingerprintOf)).size).toBe(5);
});

test("nobody has confirmed how Extremes DT is laid out", () => expect(extremesDtLayout.why).toMatch(/^ECMWF: /));
