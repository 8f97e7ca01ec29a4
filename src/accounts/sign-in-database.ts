import { drizzleAdapter } from "better-auth/adapters/drizzle";
import {
  accounts,
  passkeys,
  sessions,
  twoFactors,
  users,
  verifications,
} from "../../drizzle/schema/accounts";
import type { Db } from "../platform/database";
import { answering } from "./request";

type AdapterOf = ReturnType<typeof drizzleAdapter>;
type Adapter = ReturnType<AdapterOf>;

/** Our tables as the sign-in library sees them. What the database throws is left with the request. */
export function databaseOf(db: Db): AdapterOf {
  const adapterOf = drizzleAdapter(db, {
    provider: "pg",
    schema: {
      user: users,
      session: sessions,
      account: accounts,
      verification: verifications,
      twoFactor: twoFactors,
      passkey: passkeys,
    },
  });
  return (options) => {
    const adapter = adapterOf(options);
    return new Proxy(withCompareAndSet(adapter), {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return async (...given: unknown[]): Promise<unknown> => {
          try {
            return await Reflect.apply(value, target, given);
          } catch (error) {
            const asked = answering.getStore();
            if (asked) asked.thrown = error;
            throw error;
          }
        };
      },
    });
  };
}

/**
 * The library sets a value only if it is still the one that was read: that is how a recovery code works once. Its own
 * statement looks in a subquery, which PostgreSQL does not ask again after waiting for the row: two would pass.
 */
const withCompareAndSet = (adapter: Adapter): Adapter => ({
  ...adapter,
  incrementOne: async <T>(change: Parameters<Adapter["incrementOne"]>[0]): Promise<T | null> => {
    const { model, where, increment, set } = change;
    if (!set || Object.keys(increment).length > 0) return adapter.incrementOne<T>(change);
    const changed = await adapter.updateMany({ model, where, update: set });
    return changed > 0 ? (set as T) : null;
  },
});
