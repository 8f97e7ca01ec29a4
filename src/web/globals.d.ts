/// <reference types="vite/client" />

/** Grammars add themselves to the one that is there; they give nothing. */
declare module "prismjs/components/*";
