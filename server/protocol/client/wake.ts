/**
 * Calls `wake` when the browser is online again, when the page is looked at again and when it comes back from
 * the back-forward cache. Outside browsers nothing is watched. Gives the way to stop.
 */
export function watchBrowser(wake: () => void): () => void {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {};
  const onVisible = () => {
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('online', wake);
  window.addEventListener('pageshow', wake);
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    window.removeEventListener('online', wake);
    window.removeEventListener('pageshow', wake);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
