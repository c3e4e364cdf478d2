const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const IPV4_WITH_PORT = /^([\d.]+)(?::\d{1,5})?$/;
const IN_BRACKETS = /^\[([^\]]+)\](?::\d{1,5})?$/;
const IPV6_LETTERS = /^[0-9a-f:.]+$/i;
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * Reads an IPv4 or IPv6 address, perhaps with a port, perhaps the first of an `X-Forwarded-For` list, as the server
 * does. Other text (`unknown`, a socket's path) gives null, because the server would refuse the whole activity.
 */
export function readAddress(text: string): string | null {
  const first = (text.split(",", 1)[0] ?? "").trim();
  const bare = (IN_BRACKETS.exec(first)?.[1] ?? first).split("%", 1)[0] ?? "";
  const ipv4 = IPV4_WITH_PORT.exec(bare)?.[1];
  if (ipv4 !== undefined) return IPV4.test(ipv4) ? ipv4 : null;
  return readIpv6(bare);
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
