import { assumed, withoutMarks } from "../../../model/words/assumed";
import { readClock, readDay, readWindow } from "../../../model/words/calendar";
import { isName } from "../../../model/words/name";
import { didYouMean, listed } from "../../../model/words/problem";
import { gib, hours, mbitPerSecond, tib } from "../../../model/words/quantity";

describe("an assumed fact", () => {
  test("works like its value and is listed with its path", () => {
    const { input, assumptions } = withoutMarks(
      { a: { b: assumed([1, assumed(2, "why two")], "why the list") }, c: 3 },
      "lumi",
    );
    expect(input).toEqual({ a: { b: [1, 2] }, c: 3 });
    expect(assumptions).toEqual([
      { path: "lumi.a.b", value: 2, why: "why two" },
      { path: "lumi.a.b", value: [1, 2], why: "why the list" },
    ]);
  });

  test("is looked for in plain objects alone, so components pass untouched", () => {
    class Thing {
      readonly fact = assumed(1, "inside");
    }
    const thing = new Thing();
    expect(withoutMarks({ runs: [thing] }, "lumi")).toEqual({ input: { runs: [thing] }, assumptions: [] });
  });
});

describe("a day", () => {
  test.each(["2027-06-30", "2028-02-29"])("%s is one", (text) => expect(readDay(text)).toBe(text));
  test.each(["2027-02-29", "2027-6-30", "30-06-2027", "2027-06-31", "", 20270630])("%p is none", (text) =>
    expect(readDay(text)).toBeUndefined());
});

describe("a window of the day", () => {
  test.each(["02:00-09:00", "22:00-03:30"])("%s is one", (text) => expect(readWindow(text)).toBe(text));
  test.each(["02:00", "2:00-9:00", "24:00-03:00", "02:00-02:00", "02:00-09:00-10:00", 2])("%p is none", (text) =>
    expect(readWindow(text)).toBeUndefined());
});

describe("an hour of the day", () => {
  test.each(["00:00", "06:30", "23:59"])("%s is one", (text) => expect(readClock(text)).toBe(text));
  test.each(["6:30", "24:00", "06:60", "06:30:00", "", 630])("%p is none", (text) =>
    expect(readClock(text)).toBeUndefined());
});

describe("a name", () => {
  test.each(["lumi", "ecflow-prod", "fdb-store-12", "a"])("%s is one", (text) => expect(isName(text)).toBe(true));
  test.each(["", "Lumi", "1st", "a--b", "-a", "a-", "a_b", "a.b", "a".repeat(41), null])("%p is none", (text) =>
    expect(isName(text)).toBe(false));
});

describe("a near miss", () => {
  test("is told the nearest", () => expect(didYouMean("lunar", ["lumi", "leonardo"], "choose")).toBe("choose"));
  test("of one or two letters is a slip", () =>
    expect(didYouMean("standbye", ["standby", "port"], "choose")).toBe('did you mean "standby"?'));
  test("stands beside what is known, as far as anybody reads", () => {
    expect([listed([]), listed(["a", "b"])]).toEqual(["nothing", "a, b"]);
    expect(listed(Array.from({ length: 500 }, (_, i) => `s${i}`))).toMatch(/^s0, s1, .*, s29, … \(500 in all\)$/);
  });
  test("among nothing has no nearest", () => expect(didYouMean("x", [], "choose")).toBe("choose"));
});

describe("quantities", () => {
  test("read as people write them", () =>
    expect([gib(512), tib(40), gib(1536), hours(12), mbitPerSecond(20)].map(String)).toEqual([
      "512 GiB",
      "40 TiB",
      "1.5 TiB",
      "12 h",
      "20 Mbit/s",
    ]));
});
