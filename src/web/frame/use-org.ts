import { useParams } from "@tanstack/react-router";

/** The organization in the address. */
export const useOrg = (): string => (useParams({ strict: false }) as { org?: string }).org ?? "";
