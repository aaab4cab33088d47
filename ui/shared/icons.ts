// The pictures in use, from Lucide; only these reach the bundle.

import armchair from "lucide-static/icons/armchair.svg?raw";
import arrowLeft from "lucide-static/icons/arrow-left.svg?raw";
import badgeCheck from "lucide-static/icons/badge-check.svg?raw";
import ban from "lucide-static/icons/ban.svg?raw";
import calendarClock from "lucide-static/icons/calendar-clock.svg?raw";
import calendarX from "lucide-static/icons/calendar-x.svg?raw";
import cameraOff from "lucide-static/icons/camera-off.svg?raw";
import check from "lucide-static/icons/check.svg?raw";
import circleCheck from "lucide-static/icons/circle-check.svg?raw";
import circleCheckBig from "lucide-static/icons/circle-check-big.svg?raw";
import circleQuestionMark from "lucide-static/icons/circle-question-mark.svg?raw";
import clock from "lucide-static/icons/clock.svg?raw";
import clockAlert from "lucide-static/icons/clock-alert.svg?raw";
import copyX from "lucide-static/icons/copy-x.svg?raw";
import doorOpen from "lucide-static/icons/door-open.svg?raw";
import ellipsis from "lucide-static/icons/ellipsis.svg?raw";
import flag from "lucide-static/icons/flag.svg?raw";
import folder from "lucide-static/icons/folder.svg?raw";
import graduationCap from "lucide-static/icons/graduation-cap.svg?raw";
import history from "lucide-static/icons/history.svg?raw";
import keyboard from "lucide-static/icons/keyboard.svg?raw";
import languages from "lucide-static/icons/languages.svg?raw";
import link2Off from "lucide-static/icons/link-2-off.svg?raw";
import listChecks from "lucide-static/icons/list-checks.svg?raw";
import logIn from "lucide-static/icons/log-in.svg?raw";
import logOut from "lucide-static/icons/log-out.svg?raw";
import maximize from "lucide-static/icons/maximize.svg?raw";
import monitorSmartphone from "lucide-static/icons/monitor-smartphone.svg?raw";
import octagonPause from "lucide-static/icons/octagon-pause.svg?raw";
import octagonX from "lucide-static/icons/octagon-x.svg?raw";
import printer from "lucide-static/icons/printer.svg?raw";
import save from "lucide-static/icons/save.svg?raw";
import saveOff from "lucide-static/icons/save-off.svg?raw";
import scanQrCode from "lucide-static/icons/scan-qr-code.svg?raw";
import search from "lucide-static/icons/search.svg?raw";
import megaphone from "lucide-static/icons/megaphone.svg?raw";
import phone from "lucide-static/icons/phone.svg?raw";
import ticketX from "lucide-static/icons/ticket-x.svg?raw";
import triangleAlert from "lucide-static/icons/triangle-alert.svg?raw";
import settings from "lucide-static/icons/settings.svg?raw";
import undo2 from "lucide-static/icons/undo-2.svg?raw";
import usb from "lucide-static/icons/usb.svg?raw";
import circle from "lucide-static/icons/circle.svg?raw";
import deleteBack from "lucide-static/icons/delete.svg?raw";
import handHelping from "lucide-static/icons/hand-helping.svg?raw";
import lockKeyhole from "lucide-static/icons/lock-keyhole.svg?raw";
import tabletSmartphone from "lucide-static/icons/tablet-smartphone.svg?raw";
import userPlus from "lucide-static/icons/user-plus.svg?raw";
import userSearch from "lucide-static/icons/user-search.svg?raw";
import userX from "lucide-static/icons/user-x.svg?raw";
import users from "lucide-static/icons/users.svg?raw";
import volume2 from "lucide-static/icons/volume-2.svg?raw";
import volumeX from "lucide-static/icons/volume-x.svg?raw";
import wifi from "lucide-static/icons/wifi.svg?raw";
import wifiOff from "lucide-static/icons/wifi-off.svg?raw";

const FILES = {
  armchair,
  "arrow-left": arrowLeft,
  "badge-check": badgeCheck,
  ban,
  "calendar-clock": calendarClock,
  "calendar-x": calendarX,
  "camera-off": cameraOff,
  check,
  "circle-check": circleCheck,
  "circle-check-big": circleCheckBig,
  "circle-question-mark": circleQuestionMark,
  clock,
  "clock-alert": clockAlert,
  "copy-x": copyX,
  "door-open": doorOpen,
  ellipsis,
  flag,
  folder,
  "graduation-cap": graduationCap,
  history,
  keyboard,
  languages,
  "link-2-off": link2Off,
  "list-checks": listChecks,
  "log-in": logIn,
  "log-out": logOut,
  maximize,
  megaphone,
  "monitor-smartphone": monitorSmartphone,
  "octagon-pause": octagonPause,
  "octagon-x": octagonX,
  phone,
  printer,
  save,
  "save-off": saveOff,
  "scan-qr-code": scanQrCode,
  search,
  settings,
  "ticket-x": ticketX,
  "triangle-alert": triangleAlert,
  "undo-2": undo2,
  usb,
  circle,
  "delete": deleteBack,
  "hand-helping": handHelping,
  "lock-keyhole": lockKeyhole,
  "tablet-smartphone": tabletSmartphone,
  "user-plus": userPlus,
  "user-search": userSearch,
  "user-x": userX,
  users,
  "volume-2": volume2,
  "volume-x": volumeX,
  wifi,
  "wifi-off": wifiOff,
} as const;

/** A picture's name in Lucide. */
export type IconName = keyof typeof FILES;

/** The drawing inside the picture's frame. */
export function drawing(name: IconName): string {
  return /<svg[^>]*>([\s\S]*)<\/svg>/.exec(FILES[name])?.[1] ?? "";
}
