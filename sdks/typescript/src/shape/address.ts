const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const IN_BRACKETS = /^\[([^\]]*)\](?::\d*)?$/;
/** An IPv6 address that is not in brackets has no port. */
const WITH_PORT = /^([^:]*):\d*$/;
const IPV6_LETTERS = /^[0-9a-f:.]+$/i;
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * Reads an IPv4 or IPv6 address, perhaps with a port, or the first one in an `X-Forwarded-For` list, as the server
 * does. Elements that are not addresses (`unknown`, a socket's path) are skipped. Text without an address gives null,
 * because the server would refuse the whole activity.
 */
export function readAddress(text: string): string | null {
  for (const element of text.split(",")) {
    const address = readOne(element.trim());
    if (address !== null) return address;
  }
  return null;
}

function readOne(element: string): string | null {
  const unzoned = hostOf(element).split("%", 1)[0] ?? "";
  return IPV4.test(unzoned) ? unzoned : readIpv6(unzoned);
}

/** The element without its port; empty where another text stands in the place of a port. */
function hostOf(element: string): string {
  if (element.startsWith("[")) return IN_BRACKETS.exec(element)?.[1] ?? "";
  if (element.split(":").length === 2) return WITH_PORT.exec(element)?.[1] ?? "";
  return element;
}

/** `URL` parses IPv6 in every JavaScript runtime. An IPv4-mapped address becomes IPv4. */
function readIpv6(text: string): string | null {
  if (!text.includes(":") || !IPV6_LETTERS.test(text)) return null;
  let canonical: string;
  try {
    canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
  } catch {
    return null;
  }
  const mapped = MAPPED.exec(canonical);
  if (!mapped) return canonical;
  const halves = [mapped[1], mapped[2]].map((half) => Number.parseInt(half ?? "", 16));
  return halves.flatMap((half) => [half >> 8, half & 0xff]).join(".");
}
