import type { Recipe } from "./recipe";

const python = ["python3"];
const venv = "python3 -m venv .venv";
const pom = (parent: string, dependencies: string, plugins: string) => `<project>
  <modelVersion>4.0.0</modelVersion>
  ${parent}
  <groupId>com.example</groupId>
  <artifactId>try</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <java.version>17</java.version>
  </properties>
  <dependencies>${dependencies}__INSTALL__</dependencies>
  <build>${plugins}</build>
</project>`;
const jar = (group: string, artifact: string, version = "") =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>${version && `<version>${version}</version>`}</dependency>`;
const withLibraries = "mvn -q -B compile dependency:copy-dependencies";

/** Python, Ruby, Go, Rust, the JVM, and what needs no SDK. */
export const otherRecipes: Recipe[] = [
  { id: "python", tools: python, before: [venv], start: "python main.py" },
  {
    id: "python-flask",
    tools: python,
    before: [venv, "pip install flask"],
    start: "flask --app app run --port 3000",
    open: "/break",
  },
  {
    id: "python-fastapi",
    tools: python,
    before: [venv, "pip install fastapi uvicorn"],
    start: "uvicorn main:app --port 3000",
    open: "/break",
  },
  {
    id: "python-django",
    tools: python,
    app: {
      "settings.py": `SECRET_KEY = "try"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
__SNIPPET__`,
    },
    before: [venv, "pip install django"],
    start: "PYTHONPATH=. django-admin runserver 3000 --noreload --settings settings",
    open: "/break/",
  },
  {
    id: "python-celery",
    tools: [...python, "redis-server"],
    before: [venv, "pip install 'celery[redis]'"],
    start: `redis-server --port 6379 --save "" &
celery -A tasks worker &
sleep 5
celery -A tasks call tasks.fail
wait`,
  },
  { id: "ruby", tools: ["ruby"], install: null, start: "ruby main.rb" },
  {
    id: "ruby-rails",
    tools: ["ruby", "rails", "puma"],
    app: {
      "config.ru": `require_relative "config/application"
Rails.application.initialize!
run Rails.application
`,
      "config/application.rb": `require "logger"
require "rails"
require "action_controller/railtie"
require "sentry-ruby"
require "sentry-rails"

class Try < Rails::Application
  config.load_defaults 6.1
  config.eager_load = false
  config.secret_key_base = "try"
  config.hosts.clear
end
`,
      "config/routes.rb": `Rails.application.routes.draw do
__SNIPPET__end
`,
    },
    install: null,
    start: "puma --port 3000",
    open: "/break",
  },
  {
    id: "go",
    tools: ["go"],
    before: ["go mod init example.com/try"],
    verify: { file: "main.go", before: "}" },
    start: "go run .",
  },
  {
    id: "rust",
    tools: ["cargo"],
    before: ["mv src src-of-page", "cargo init --name try_it", "cp src-of-page/* src/"],
    verify: { file: "src/main.rs", before: "}" },
    after: ["cargo build"],
    start: "cargo run",
  },
  {
    id: "java",
    tools: ["mvn", "javac"],
    app: { "pom.xml": pom("", "", "") },
    install: "Maven",
    verify: { file: "Main.java", before: "  }" },
    after: ["mkdir -p src/main/java && mv Main.java src/main/java/", withLibraries],
    start: "java -cp 'target/classes:target/dependency/*' Main",
  },
  {
    id: "kotlin",
    tools: ["mvn", "javac"],
    app: {
      "pom.xml": pom(
        "",
        jar("org.jetbrains.kotlin", "kotlin-stdlib", "2.1.20"),
        `<sourceDirectory>src</sourceDirectory><plugins><plugin><groupId>org.jetbrains.kotlin</groupId>
<artifactId>kotlin-maven-plugin</artifactId><version>2.1.20</version>
<executions><execution><goals><goal>compile</goal></goals></execution></executions></plugin></plugins>`,
      ),
    },
    install: "Maven",
    verify: { file: "Main.kt", before: "}" },
    after: ["mkdir src && mv Main.kt src/", withLibraries],
    start: "java -cp 'target/classes:target/dependency/*' MainKt",
  },
  ...["3.5.7", "4.0.0"].map(
    (version): Recipe => ({
      id: "java-spring-boot",
      tools: ["mvn", "javac"],
      app: {
        "pom.xml": pom(
          `<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>${version}</version></parent>`,
          jar("org.springframework.boot", "spring-boot-starter-web"),
          "<plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins>",
        ),
        "src/main/java/com/example/Try.java": `package com.example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.*;

@SpringBootApplication
@RestController
public class Try {
  public static void main(String[] args) {
    SpringApplication.run(Try.class, args);
  }

  // routes
}
`,
      },
      install: `Maven, Spring Boot ${version[0]}`,
      verify: { file: "src/main/java/com/example/Try.java", before: "// routes" },
      after: [
        "mkdir -p src/main/resources && mv application.properties src/main/resources/",
        "mvn -q -B package",
      ],
      start: "java -jar target/try-1.jar",
      open: "/break",
    }),
  ),
  { id: "curl", tools: ["curl"] },
  { id: "other", tools: ["curl"] },
  {
    id: "csp",
    tools: ["node"],
    app: {
      "serve.mjs": `import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const headers = readFileSync("Header of your answers", "utf8").trim().split("\\n")
  .flatMap((line) => { const at = line.indexOf(": "); return [line.slice(0, at), line.slice(at + 2)]; });
createServer((_, answer) => answer.writeHead(200, ["Content-Type", "text/html", ...headers])
  .end(readFileSync("In a page", "utf8"))).listen(3000);
`,
    },
    start: "node serve.mjs",
    browser: "itself",
  },
];
