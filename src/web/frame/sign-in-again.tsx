export function SignInAgain({ done }: { done: () => void }) {
  return <button type="button" onClick={done} />; // UNWRITTEN
}
