import type { Exception } from "./exceptions";
import type { NormalEvent } from "./normal-event";

/** What a framework or a runtime throws around what the program threw; by type, of some only with such a text. */
const wrappers: readonly { type: RegExp; value?: RegExp }[] = [
  // Java and Android: reflection, futures, servlets, dependency injection, jobs, the start of activities.
  {
    type: /(?:^|[.$])(?:InvocationTargetException|UndeclaredThrowableException|ExecutionException|CompletionException|ExceptionInInitializerError|PrivilegedActionException|InvokerInvocationException|NestedServletException|ServletException|BeanCreationException|ProvisionException|ListenerExecutionFailedException|JobExecutionException|InflateException|OnErrorNotImplementedException|UndeliverableException)$/,
  },
  {
    type: /(?:^|[.$])RuntimeException$/,
    value:
      /^(?:Unable to (?:start|resume|pause|stop|destroy|create|instantiate|bind|unbind|get) |An error occurred while executing doInBackground|Error receiving broadcast |Failure (?:delivering|saving) )/,
  },
  // .NET: reflection, static constructors, pages.
  {
    type: /(?:^|\.)(?:TargetInvocationException|TypeInitializationException|HttpUnhandledException)$/,
  },
  // Ruby: templates and Sidekiq's retries.
  {
    type: /^(?:ActionView::Template::Error|ActionView::TemplateError|Slim::TemplateError|Sidekiq::JobRetry::(?:Handled|Skip))$/,
  },
  // Python: Celery and its pools.
  { type: /(?:^|\.)(?:ExceptionWithTraceback|_ExceptionWithTraceback|MaybeEncodingError)$/ },
  // Runtimes of functions.
  {
    type: /^(?:Runtime\.)?(?:UnhandledPromiseRejection|UncaughtException)$/,
  },
];

const wrapsByType = ({ type, value }: Exception): boolean =>
  type !== undefined &&
  wrappers.some(
    (wrapper) =>
      wrapper.type.test(type) && (wrapper.value === undefined || wrapper.value.test(value ?? "")),
  );

const hasOwnFrames = ({ stacktrace }: Exception) =>
  stacktrace?.frames.some((frame) => frame.in_app) ?? false;

/**
 * The exception by which people know the failure: the one thrown last, but where that only wraps what the program threw,
 * the one inside. It wraps when its type says so, or when all its frames are of libraries and those of the inner are
 * not. Groups of exceptions are known by their wrapper. Looks at the marks of frames.
 */
export function tellingException(event: NormalEvent): Exception | undefined {
  const all = event.exception?.values ?? [];
  if (all.length < 2 || all.some(({ mechanism }) => mechanism?.is_exception_group)) {
    return all.at(-1);
  }
  for (let index = all.length - 1; index > 0; index--) {
    const each = all[index];
    if (!each || !(wrapsByType(each) || wrapsByFrames(each, all.slice(0, index)))) return each;
  }
  return all[0];
}

const wrapsByFrames = (outer: Exception, inner: Exception[]): boolean =>
  outer.stacktrace !== undefined && !hasOwnFrames(outer) && inner.some(hasOwnFrames);
