/** The end of an address that leads to the field for a new comment. */
export const newComment = "comment";

/** That field, where the page has one. */
export const commentField = (): HTMLElement | null =>
  document.querySelector('[data-comment="new"]');
