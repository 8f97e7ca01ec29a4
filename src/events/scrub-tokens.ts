import { filtered } from "./filtered";

/**
 * Shapes by which the usual services' credentials are known (from their public documentation). Every repetition has
 * a bound, and no row reads far before it fails, so that all of them together are linear in the text.
 */
export const tokenShapes: [service: string, shape: string][] = [
  ["Adobe", "p8e-[\\w-]{32,64}"],
  ["age", "AGE-SECRET-KEY-1[A-Z0-9]{58}"],
  ["Airtable", "pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}"],
  ["Alibaba Cloud", "LTAI[A-Za-z0-9]{12,24}"],
  ["Anthropic, OpenAI and others", "sk-(?=[\\w-]{0,40}\\d)[\\w-]{20,512}"],
  ["Atlassian", "AT(?:ATT|CTT|BB|STT)[\\w=+/-]{20,512}"],
  ["AWS", "A(?:KIA|SIA|IDA|ROA|GPA|BIA|CCA)[A-Z0-9]{12,124}"],
  ["Brevo", "xkeysib-[a-f0-9]{32,64}-\\w{8,16}"],
  ["Cloudflare", "v1\\.0-[a-f0-9]{24}-[a-f0-9]{100,200}"],
  ["Contentful", "CFPAT-[\\w-]{20,64}"],
  ["crates.io", "cio[A-Za-z0-9]{32}(?![A-Za-z0-9])"],
  ["Databricks", "dapi[a-f0-9]{32}(?:-\\d)?"],
  ["DigitalOcean", "do[oprt]_v1_[a-f0-9]{32,64}"],
  ["Discord", "M[A-Za-z\\d]{23,28}\\.[\\w-]{6}\\.[\\w-]{27,40}"],
  ["Discord", "N[A-Za-z\\d]{23,28}\\.[\\w-]{6}\\.[\\w-]{27,40}"],
  ["Discord", "O[A-Za-z\\d]{23,28}\\.[\\w-]{6}\\.[\\w-]{27,40}"],
  ["Docker Hub", "dckr_(?:pat|oat)_[\\w-]{20,64}"],
  ["Doppler", "dp\\.(?:pt|st|ct|sa|scim|audit)\\.(?:[a-z0-9_-]{2,35}\\.)?[A-Za-z0-9]{40,44}"],
  ["Dynatrace", "dt0[a-z]\\d\\d\\.[A-Z0-9]{8,24}\\.[A-Z0-9]{64}"],
  ["Facebook", "EAA[A-Za-z0-9]{60,512}"],
  ["Figma", "fig[dour]_[\\w-]{20,64}"],
  ["Flutterwave", "FLWSECK[_-][\\w-]{12,64}"],
  ["Fly.io", "fm\\d[a-z]?_[\\w+/=-]{20,2048}"],
  ["GitHub", "gh[pousr]_[A-Za-z0-9]{16,255}"],
  ["GitHub, fine-grained", "github_pat_[A-Za-z0-9_]{20,255}"],
  ["GitLab", "gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|agent|imt|ffct|oas)-[\\w.-]{16,300}"],
  ["GitLab runner", "GR1348941[\\w-]{20,64}"],
  ["Google API", "AIza[\\w-]{20,64}"],
  ["Google OAuth client", "GOCSPX-[\\w-]{20,64}"],
  ["Google OAuth", "ya29\\.[\\w-]{20,2048}"],
  ["Google refresh", "1//0[\\w-]{30,256}"],
  ["Grafana", "gl(?:sa_[A-Za-z0-9]{32}_[a-f0-9]{8}|c_[\\w+/=-]{32,512})"],
  ["Groq", "gsk_[A-Za-z0-9]{20,128}"],
  ["Heroku", "HRKU-[\\w-]{20,128}"],
  ["Hugging Face", "hf_[A-Za-z0-9]{30,64}"],
  ["JFrog", "AKCp[A-Za-z0-9]{60,128}"],
  ["Linear", "lin_(?:api|oauth)_[A-Za-z0-9]{32,64}"],
  ["Mailgun", "key-[a-f0-9]{32}(?![A-Za-z0-9])"],
  ["Netlify", "nfp_[A-Za-z0-9]{32,64}"],
  ["New Relic", "NR(?:AK|II|JS|RA|AA)-[A-Za-z0-9]{20,64}"],
  ["Notion", "ntn_[A-Za-z0-9]{40,64}"],
  ["Notion", "secret_[A-Za-z0-9]{40,64}"],
  ["npm", "npm_[A-Za-z0-9]{20,64}"],
  ["NuGet", "oy2[a-z0-9]{43}"],
  ["Perplexity", "pplx-[A-Za-z0-9]{32,64}"],
  ["Plaid", "access-(?:sandbox|development|production)-[a-f0-9-]{36}"],
  ["PlanetScale", "pscale_(?:tkn|pw|oauth)_[\\w.-]{20,64}"],
  ["Postman", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}"],
  ["Pulumi", "pul-[a-f0-9]{40}"],
  ["PyPI", "pypi-AgE[\\w-]{20,512}"],
  ["Razorpay", "rzp_(?:live|test)_[A-Za-z0-9]{14,32}"],
  ["Replicate", "r8_[A-Za-z0-9]{30,64}"],
  ["Resend", "re_[A-Za-z0-9]{8,12}_[A-Za-z0-9]{16,32}"],
  ["RubyGems", "rubygems_[a-f0-9]{48}"],
  ["SendGrid", "SG\\.[\\w-]{16,64}\\.[\\w-]{16,64}"],
  ["Sentry and Brinkwatch", "sntry[a-z]_[\\w+/=-]{10,2048}"],
  ["Shopify", "shp(?:at|ca|pa|ss|ua)_[a-fA-F0-9]{32}"],
  ["Slack", "xox[a-z](?:\\.xox[a-z])?-[\\w-]{11,512}"],
  ["Slack app", "xapp-\\d-[\\w-]{10,512}"],
  ["Sourcegraph", "sgp_(?:[A-Za-z0-9-]{1,40}_)?[a-f0-9]{40}"],
  ["Square", "sq0[a-z]{3}-[\\w-]{22,64}"],
  ["Square", "EAAA[\\w-]{56,64}"],
  ["Stripe", "sk_(?:live|test)_[A-Za-z0-9]{10,255}"],
  ["Stripe", "rk_(?:live|test)_[A-Za-z0-9]{10,255}"],
  ["Stripe webhook", "whsec_[A-Za-z0-9+/=]{16,128}"],
  ["Supabase", "sb(?:p|_secret)_[\\w-]{20,64}"],
  ["Tailscale", "tskey-[a-z]{2,16}-[\\w-]{16,128}"],
  ["Tencent Cloud", "AKID[A-Za-z0-9]{13,48}"],
  ["Twilio", "SK[a-f0-9]{32}(?![A-Za-z0-9])"],
  ["Typeform", "tfp_[\\w-]{40,80}"],
  ["Vault", "hv[sbr]\\.[\\w-]{20,512}"],
  ["xAI", "xai-[A-Za-z0-9]{60,100}"],
  ["1Password", "ops_eyJ[\\w-]{20,2048}"],
  // The looks behind keep a run of such characters from being read from more than one place.
  ["JSON Web Token", "e(?<![\\w-]e)yJ[\\w-]{8,8192}(?:\\.[\\w-]{0,8192}){1,4}"],
  ["JSON Web Token, cut off", "e(?<![\\w-]e)yJ[\\w-]{16,8192}(?=…?$)"],
];

/** Shapes that begin with anything, and what must be in a text before they are looked for. */
export const markedShapes: [service: string, shape: string, mark: string][] = [
  ["Asana", "\\d/\\d{12,19}:[a-f0-9]{32}", "/1"],
  ["Azure AD", "[\\w~.-]{3}8Q~[\\w~.-]{31,34}", "8Q~"],
  ["Discord webhook", "discord(?:app)?\\.com/api/webhooks/\\d{10,20}/[\\w-]{40,100}", "/webhooks/"],
  ["Mailchimp", "[a-f0-9]{32}-us\\d{1,2}(?![A-Za-z0-9])", "-us"],
  [
    "Slack webhook",
    "hooks\\.slack\\.com/(?:services|workflows|triggers)/[\\w/]{20,256}",
    "hooks.slack",
  ],
  ["Telegram", "\\d{8,10}:AA[\\w-]{33}", ":AA"],
  ["Terraform Cloud", "[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{60,80}", ".atlasv1."],
];

/** The shortest token, and characters of which all are made. */
const lead = "(?<![A-Za-z0-9])(?=[\\w.+=/-]{16})";

/** By first letter, so that a word is compared with few shapes. */
function anyOf(shapes: string[]): string {
  const byLetter = new Map<string, string[]>();
  for (const shape of shapes) {
    const letter = shape.slice(0, 1);
    byLetter.set(letter, [...(byLetter.get(letter) ?? []), shape.slice(1)]);
  }
  return [...byLetter].map(([letter, rest]) => `${letter}(?:${rest.join("|")})`).join("|");
}

const tokens = new RegExp(`${lead}(?:${anyOf(tokenShapes.map(([, shape]) => shape))})`, "g");
const marked = markedShapes.map(
  ([, shape, mark]) => [mark, new RegExp(`(?<![A-Za-z0-9])(?:${shape})`, "g")] as const,
);
const scheme =
  /\b(bearer|basic|token|digest)( {1,3})([A-Za-z0-9._~+/=-]{8,8192})(?![A-Za-z0-9._~+/=-])/gi;
const privateKey = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

/** Credentials that can be recognized by their own form, whatever they are called. */
export function scrubTokens(text: string): string {
  let scrubbed = text.replace(tokens, filtered);
  for (const [mark, pattern] of marked) {
    if (scrubbed.includes(mark)) scrubbed = scrubbed.replace(pattern, filtered);
  }
  return scrubbed;
}

/** `Bearer …` and `Basic …`; a word of prose after them is none. */
export function scrubSchemes(text: string): string {
  return text.replace(scheme, (whole: string, name: string, blank: string, credential: string) => {
    const isCredential =
      /[\d=+/]/.test(credential) ||
      /[a-z][A-Z]{1,2}[a-z]/.test(credential) ||
      credential.length > 24;
    const isSure = name.length > 5 || name.toLowerCase() === "basic";
    return isCredential && (isSure || credential.length >= 16)
      ? `${name}${blank}${filtered}`
      : whole;
  });
}

/** From its first line to its last one, or to the end of a text that was cut. */
export function scrubPrivateKeys(text: string): string {
  let out = "";
  let copied = 0;
  for (const { index, 0: begin } of text.matchAll(privateKey)) {
    if (index < copied) continue;
    out += text.slice(copied, index) + filtered;
    const end = text.indexOf("-----END", index + begin.length);
    const close = end < 0 ? -1 : text.indexOf("-----", end + 8);
    copied = close < 0 ? text.length : close + 5;
  }
  return out + text.slice(copied);
}
