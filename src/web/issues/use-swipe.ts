import { type PointerEvent, useRef, useState } from "react";
import { isSwipe, isTaken, type SwipeWay, wayOf } from "./swipe-way";

type Finger = { row: HTMLElement; id: string; x: number; y: number; isSwiping: boolean };

/**
 * Rows that a finger draws aside. The row follows the finger without being rendered; what it stands for is known when
 * that changes. Keys, the checkbox and its menu do the same for whoever cannot swipe.
 */
export function useSwipe(swiped: ((id: string, way: SwipeWay) => void) | undefined) {
  const finger = useRef<Finger>(undefined);
  const [drawn, setDrawn] = useState<{ id: string; way: SwipeWay; isTaken: boolean }>();
  const letGo = () => {
    if (finger.current) finger.current.row.style.transform = "";
    finger.current = undefined;
    setDrawn(undefined);
  };
  const down = ({ target, pointerType, isPrimary, clientX: x, clientY: y }: PointerEvent) => {
    letGo();
    if (!swiped || pointerType !== "touch" || !isPrimary || !(target instanceof Element)) return;
    const row = target.closest<HTMLElement>("[data-issue]");
    const id = row?.dataset["issue"];
    if (row && id) finger.current = { row, id, x, y, isSwiping: false };
  };
  const move = (event: PointerEvent) => {
    const at = finger.current;
    if (!at) return;
    const [x, y] = [event.clientX - at.x, event.clientY - at.y];
    if (!at.isSwiping) {
      const is = isSwipe(x, y);
      if (is === false) finger.current = undefined;
      if (!is) return;
      at.isSwiping = true;
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    at.row.style.transform = `translateX(${x}px)`;
    const next = { id: at.id, way: wayOf(x), isTaken: isTaken(x) };
    setDrawn((now) => (now?.way === next.way && now.isTaken === next.isTaken ? now : next));
  };
  const up = ({ clientX }: PointerEvent) => {
    const at = finger.current;
    const x = at ? clientX - at.x : 0;
    letGo();
    if (at?.isSwiping && isTaken(x)) swiped?.(at.id, wayOf(x));
  };
  return {
    drawn,
    listeners: {
      onPointerDown: down,
      onPointerMove: move,
      onPointerUp: up,
      onPointerCancel: letGo,
    },
  };
}
