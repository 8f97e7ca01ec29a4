import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "go", code: "go get github.com/getsentry/sentry-go" }],
  files: [
    {
      name: "main.go",
      code: `package main

import (
	"log"
	"time"

	"github.com/getsentry/sentry-go"
)

func main() {
	if err := sentry.Init(sentry.ClientOptions{Dsn: "__DSN__"}); err != nil {
		log.Fatal(err)
	}
	defer sentry.Flush(2 * time.Second)
	defer sentry.Recover()
}
`,
    },
  ],
  verify: {
    name: "In main",
    code: `panic("Hello from setup")
`,
  },
  docs: docsOf("go"),
};
