import { useEffect, useState } from "react";

const pauseMs = 150;

/** The value once it has not changed for some time: what one types is asked for when one pauses. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
