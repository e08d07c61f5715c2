/** Styles of launcher and panel. They live in a closed shadow root, so the host page and they
 * cannot meet; `!important` on the host element wins over any rule of the page (CSS cascade, context). */
export const launcherStyles = `
:host{all:initial!important;position:fixed!important;z-index:2147483000!important;color-scheme:light dark!important}
button{all:unset;box-sizing:border-box;position:fixed;width:56px;height:56px;border-radius:50%;display:grid;
place-items:center;cursor:pointer;background:var(--colour);color:var(--text);
box-shadow:0 1px 2px rgb(16 24 20/.16),0 8px 24px rgb(16 24 20/.2);transition:transform .16s ease-out,box-shadow .16s ease-out;
-webkit-tap-highlight-color:transparent}
button:hover{transform:scale(1.05);box-shadow:0 2px 4px rgb(16 24 20/.18),0 12px 32px rgb(16 24 20/.26)}
button:active{transform:scale(.97)}
button:focus-visible{outline:3px solid var(--colour);outline-offset:3px;box-shadow:0 0 0 3px #fff,0 8px 24px rgb(16 24 20/.2)}
svg{grid-area:1/1;width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:1.9;stroke-linecap:round;
stroke-linejoin:round;transition:opacity .16s ease-out,transform .16s ease-out}
.down,.open .chat{opacity:0;transform:scale(.6)}
.open .down{opacity:1;transform:none}
.badge{position:absolute;top:-3px;right:-3px;min-width:22px;height:22px;box-sizing:border-box;padding:0 6px;
border-radius:11px;background:#c62f2f;color:#fff;border:2px solid #fff;display:grid;place-items:center;
font:600 12px/1 system-ui,sans-serif}
.badge[hidden]{display:none}
.panel{position:fixed;width:380px;height:640px;max-width:calc(100vw - 32px);max-height:calc(100vh - 104px);
max-height:calc(100dvh - 104px);border-radius:20px;overflow:hidden;background:Canvas;
box-shadow:0 0 0 1px rgb(16 24 20/.06),0 4px 12px rgb(16 24 20/.08),0 24px 64px rgb(16 24 20/.24);
visibility:hidden;opacity:0;transform:translateY(12px) scale(.985);
transition:opacity .16s ease-out,transform .16s ease-out,visibility 0s .16s}
.open .panel{visibility:visible;opacity:1;transform:none;transition:opacity .16s ease-out,transform .16s ease-out}
.top .panel{transform-origin:top}
iframe{display:block;width:100%;height:100%;border:0;background:transparent}
.bottom button{bottom:16px}.top button{top:16px}.right button{right:16px}.left button{left:16px}
.bottom .panel{bottom:88px}.top .panel{top:88px}.right .panel{right:16px}.left .panel{left:16px}
@media (max-width:479.9px){
.open button{display:none}
.panel{inset:0 auto auto 0!important;top:var(--top,0px)!important;width:100vw;max-width:none;
height:var(--height,100dvh);max-height:none;border-radius:0}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media print{:host{display:none!important}}
`;
