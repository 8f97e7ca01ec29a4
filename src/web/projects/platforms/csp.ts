import type { Platform } from "../platform";

export const platform: Platform = {
  install: [],
  files: [
    {
      name: "Header of your answers",
      code: `Content-Security-Policy: default-src 'self'; report-uri __REPORTS__
`,
    },
  ],
  verify: { name: "In a page", code: `<img src="https://blocked.example.com/x.png" alt="" />` },
  docs: "https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP",
};
