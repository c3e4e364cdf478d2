/** The network that an address is in: /24 for IPv4, /64 for IPv6, as the server's limits count them. */

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** Null for a text that is not an address. */
export function networkOf(address: string): string | null {
  const v4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(address);
  if (v4) return `${v4[1]}.0/24`;
  const groups = groupsOf(address);
  if (!groups) return null;
  const named = groups
    .slice(0, NETWORK_GROUPS)
    .join(":")
    .replace(/(?:^|:)0(?::0)*$/, "");
  return `${named}::/64`;
}

function groupsOf(address: string): string[] | null {
  if (!/^[\da-f:]+$/i.test(address) || !address.includes(":")) return null;
  const [head = "", tail, ...more] = address.toLowerCase().split("::");
  if (more.length > 0) return null;
  const before = head ? head.split(":") : [];
  const after = tail ? tail.split(":") : [];
  const left = GROUPS - before.length - after.length;
  if (tail === undefined ? left !== 0 : left < 0) return null;
  return [...before, ...Array<string>(left).fill("0"), ...after].map((group) =>
    group.replace(/^0+(?=.)/, ""),
  );
}
