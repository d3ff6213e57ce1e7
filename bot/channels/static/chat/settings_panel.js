// The panel behind the bar's last button: letters, light or dark, 长辈版.

import { useModal } from "./access.js";
import { SIZES, withElder, withStep } from "./settings.js";

const { createElement: h } = React;
const { Button, Checkbox, Modal, RadioGroup } = ChatUI;

const SCHEMES = [
  { label: "跟随手机", value: "auto" },
  { label: "浅色", value: "light" },
  { label: "深色", value: "dark" },
];

export function SettingsPanel({ open, chosen, change, close }) {
  useModal(open, close);
  const smallest = chosen.elder ? 18 : SIZES[0];
  return h(
    Modal,
    { active: open, title: "字号和颜色", className: "Settings", onClose: close },
    h("div", { className: "Settings-row", role: "group", "aria-label": "字号" },
      h(Button, { disabled: chosen.size <= smallest, "aria-label": "字小一点", onClick: () => change(withStep(chosen, -1)) }, "小"),
      h("output", { className: "Settings-sample", "aria-live": "polite" }, `字号 ${chosen.size}`),
      h(Button, { disabled: chosen.size >= SIZES[SIZES.length - 1], "aria-label": "字大一点", onClick: () => change(withStep(chosen, 1)) }, "大")),
    h("div", { className: "Settings-row", role: "radiogroup", "aria-label": "颜色" },
      h(RadioGroup, { value: chosen.scheme, options: SCHEMES, name: "scheme", onChange: (scheme) => change({ ...chosen, scheme }) })),
    h("div", { className: "Settings-row" },
      h(Checkbox, { label: "长辈版：字大、按钮大", value: "elder", checked: chosen.elder, onChange: (event) => change(withElder(chosen, event.target.checked)) })),
  );
}
