const groupsOfNetwork = 4;
const groupsOfAddress = 8;

/** What one subscriber holds, and can choose addresses from at will: an IPv4 address, or 64 bits of an IPv6 one. */
export function networkOf(ip: string): string {
  if (!ip.includes(":")) return ip;
  const [, embedded] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip) ?? [];
  if (embedded) return embedded;
  const [head = "", tail] = ip.toLowerCase().split("::", 2);
  const groupsOf = (part: string | undefined) => (part ? part.split(":") : []);
  const [left, right] = [groupsOf(head), groupsOf(tail)];
  const length = tail === undefined ? 0 : Math.max(0, groupsOfAddress - left.length - right.length);
  const groups = [...left, ...Array.from({ length }, () => "0"), ...right];
  const network = groups.slice(0, groupsOfNetwork).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}
