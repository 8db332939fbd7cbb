import fc from "fast-check";
import {
  at,
  type Cidr,
  contains,
  cut,
  isPrivate,
  offsetIn,
  only,
  overlap,
  readCidr,
  readIpv4,
  sizeOf,
} from "../../../model/words/address";

const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join("."));
/** Networks and, as an oracle, their first address as a number and their size. */
const network = fc
  .record({ n: fc.integer({ min: 0, max: 2 ** 32 - 1 }), length: fc.integer({ min: 0, max: 32 }) })
  .map(({ n, length }) => {
    const size = 2 ** (32 - length);
    const first = Math.floor(n / size) * size;
    return { cidr: `${dotted(first)}/${length}` as Cidr, first, size };
  });
const dotted = (n: number): string => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join(".");
const number = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

describe("an IPv4 address", () => {
  test("is four decimal numbers", () => fc.assert(fc.property(ipv4, (text) => readIpv4(text) === text)));

  test.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "256.0.0.1",
    "1.2.3.4/32",
    "0x1.2.3.4",
    "01.2.3.4",
    " 1.2.3.4",
    "::1",
    7,
    null,
    undefined,
  ])("is not %p", (text) => expect(readIpv4(text)).toBeUndefined());
});

describe("a network", () => {
  test("is an address and a length, host bits zero", () =>
    fc.assert(fc.property(network, ({ cidr }) => readCidr(cidr) === cidr)));

  test.each([
    "10.0.0.1/24",
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/24/1",
    "10.0.0.0/-1",
    "10.0.0.0/ 8",
    "/8",
    10,
    null,
  ])("is not %p", (text) => expect(readCidr(text)).toBeUndefined());

  test("never fails to read, whatever it is given", () =>
    fc.assert(fc.property(fc.anything(), (value) => expect(typeof readCidr(value)).toMatch(/string|undefined/))));

  test("has the size that its length says", () =>
    fc.assert(fc.property(network, ({ cidr, size }) => sizeOf(cidr) === size)));

  test("counts its addresses from its first", () =>
    fc.assert(
      fc.property(
        network,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        ({ cidr, first, size }, part) => {
          const offset = Math.floor(size * part);
          expect(at(cidr, offset)).toBe(dotted(first + offset));
          expect(offsetIn(cidr, at(cidr, offset))).toBe(offset);
        },
      ),
    ));

  test("contains what lies between its first and last address", () =>
    fc.assert(
      fc.property(network, ipv4, ({ cidr, first, size }, address) => {
        const inside = number(address) >= first && number(address) < first + size;
        expect(contains(cidr, readIpv4(address) ?? at(cidr, 0))).toBe(inside);
      }),
    ));

  test("overlaps another if they share an address", () =>
    fc.assert(
      fc.property(network, network, (a, b) => {
        const shared = a.first < b.first + b.size && b.first < a.first + a.size;
        expect(overlap(a.cidr, b.cidr)).toBe(shared);
        expect(overlap(b.cidr, a.cidr)).toBe(shared);
      }),
    ));

  test("is cut into equal parts that follow each other and fill it", () =>
    fc.assert(
      fc.property(
        network.filter(({ size }) => size >= 16),
        fc.integer({ min: 1, max: 4 }),
        ({ cidr, first, size }, bits) => {
          const parts = cut(cidr, bits);
          expect(parts.map((part) => number(part.split("/")[0] ?? ""))).toEqual(
            parts.map((_, i) => first + (i * size) / 2 ** bits),
          );
          expect(parts.map(sizeOf)).toEqual(parts.map(() => size / 2 ** bits));
          expect(parts.every((part) => readCidr(part) === part)).toBe(true);
        },
      ),
    ));

  test.each([
    ["10.1.2.0/24", true],
    ["172.31.0.0/16", true],
    ["172.32.0.0/16", false],
    ["192.168.7.0/24", true],
    ["193.167.209.128/26", false],
  ])("%s is private: %p", (text, expected) => expect(isPrivate(text as Cidr)).toBe(expected));

  test("of one address holds it alone", () => {
    const address = readIpv4("193.167.209.163");
    expect(address && only(address)).toBe("193.167.209.163/32");
  });
});
