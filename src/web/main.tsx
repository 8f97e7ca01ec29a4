import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./app.css";
import { queryClient } from "./api/query-client";
import { listenForKeys } from "./commands";
import { reloadOnce } from "./frame/stale-build";
import { router } from "./routes";
import { preferences } from "./use-preferences";

listenForKeys(() => preferences().letterKeys);
// A page's code that is gone belongs to an older build.
addEventListener("vite:preloadError", (event) => {
  if (reloadOnce()) event.preventDefault();
});

const root = document.getElementById("app");
if (!root) throw new Error("the page has no place for the app");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
