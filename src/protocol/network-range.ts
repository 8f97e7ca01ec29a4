import { readAddress } from "./network-address";

/** Addresses that begin with the same bits, as numbers of 128 bits: an IPv4 address is its IPv6 form. */
export type NetworkRange = { prefix: bigint; shift: bigint };

const addressBits = 128;
const v4Bits = 32;
const v4Mapped = 0xffffn << 32n;
const groupsOfAddress = 8;

/** `10.0.0.0/8`, `2001:db8::/32`, or one address; undefined for everything else. */
export function parseRange(text: string): NetworkRange | undefined {
  const [address = "", length, ...rest] = text.split("/");
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const number = addressNumber(address);
  if (number === undefined) return undefined;
  const bitsMax = address.includes(":") ? addressBits : v4Bits;
  const bits = length === undefined ? bitsMax : Number(length);
  if (bits > bitsMax) return undefined;
  const shift = BigInt(bitsMax - bits);
  return { prefix: number >> shift, shift };
}

/** An address as the number that ranges are asked with. */
export function addressNumber(text: string): bigint | undefined {
  const address = readAddress(text);
  if (address === undefined) return undefined;
  if (!address.includes(":")) return v4Mapped | v4Number(address);
  const [left = [], right = []] = address.split("::").map(groupsOf);
  const missing = groupsOfAddress - left.length - right.length;
  const groups = [...left, ...Array.from({ length: missing }, () => 0n), ...right];
  return groups.reduce((sum, group) => (sum << 16n) | group, 0n);
}

export const isInRange = ({ prefix, shift }: NetworkRange, address: bigint): boolean =>
  address >> shift === prefix;

const v4Number = (text: string): bigint =>
  text.split(".").reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);

/** An address may end as one of IPv4 does, which stands for two groups. */
const groupsOf = (half: string): bigint[] =>
  half === ""
    ? []
    : half.split(":").flatMap((group) => {
        if (!group.includes(".")) return [BigInt(`0x${group}`)];
        const number = v4Number(group);
        return [number >> 16n, number & 0xffffn];
      });
