import { z } from "zod";

const common = { clientId: z.string().min(1), clientSecret: z.string().min(1) };

/** One way to sign in with another service. `oidc` may be given any number of times. */
const Provider = z.discriminatedUnion("provider", [
  z.object({ provider: z.literal("github"), ...common }),
  z.object({ provider: z.literal("gitlab"), ...common, url: z.url().optional() }),
  z.object({ provider: z.literal("google"), ...common }),
  z.object({ provider: z.literal("microsoft"), ...common, tenant: z.string().optional() }),
  z.object({
    provider: z.literal("oidc"),
    ...common,
    id: z.string().regex(/^[a-z0-9-]{1,40}$/),
    name: z.string().optional(),
    /** The issuer's `/.well-known/openid-configuration`. */
    discoveryUrl: z.url(),
    scopes: z.array(z.string()).default(["openid", "email", "profile"]),
    /** Claim of the ID token that holds the address, where a provider has no `email`. */
    emailClaim: z.string().min(1).max(100).optional(),
  }),
]);
export type SocialProvider = z.infer<typeof Provider>;
export type OpenIdProvider = Extract<SocialProvider, { provider: "oidc" }>;

/** The setting SOCIAL_PROVIDERS: a JSON list. */
export const SocialProviders = z
  .string()
  .default("[]")
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.array(Provider))
  .superRefine((providers, context) => {
    const ids = providers.map((each) => providerLabel(each).id);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice) context.addIssue({ code: "custom", message: `names ${twice} twice` });
  });

const names = { github: "GitHub", gitlab: "GitLab", google: "Google", microsoft: "Microsoft" };

/** Id in addresses, and the name on the button. */
export const providerLabel = (provider: SocialProvider): { id: string; name: string } =>
  provider.provider === "oidc"
    ? { id: provider.id, name: provider.name ?? provider.id }
    : { id: provider.provider, name: names[provider.provider] };
