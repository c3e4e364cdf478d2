import { expect, it } from "vitest";
import { networkOf } from "./network";

it.each([
  ["203.0.113.9", "203.0.113.0/24"],
  ["2001:db8:10::a0", "2001:db8:10::/64"],
  ["2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"],
  ["2001:DB8::1", "2001:db8::/64"],
  ["::1", "::/64"],
  ["not an address", null],
  ["1:2", null],
  ["1::2::3", null],
  ["", null],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
