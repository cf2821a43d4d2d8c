"""Report pages in a real browser: headless Chromium, driven through a pipe (no port, nothing but Python's library).

For a sample page with every kind of chart and with names that try to break out of it, and for the pages that `judge`
and `atlas show` write: nothing on the console, no request beyond the file itself, every chart drawn, labelled, reachable
by Tab and doubled by a table, the language switch at work by keyboard, nothing hostile run, and less than 3 MB.

report_page_test.py PROGRAM SAMPLE [--pictures FOLDER]; the pictures are for people.
"""
import base64, fcntl, json, os, pathlib, select, shutil, subprocess, sys, tempfile, time

import small_world

program, sample = sys.argv[1:3]
pictures = pathlib.Path(sys.argv[4]) if sys.argv[3:4] == ["--pictures"] else None
MOST_BYTES = 3_000_000
SECONDS = 60

chromium = shutil.which("chromium")
if not chromium:
    print("skipped: chromium is not installed (tools/setup.sh test)")
    sys.exit(1 if os.environ.get("HINTERLAND_NO_SKIP") else 77)


class Browser:
    """Chromium's DevTools protocol: JSON texts ended by NUL, its descriptor 3 in, 4 out."""

    def __init__(self, folder):
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()
        # Out of the way of 3 and 4, which the child's ends are put onto.
        to_read, to_write = (fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in (to_read, to_write))

        def place():
            os.dup2(to_read, 3)
            os.dup2(to_write, 4)

        self.process = subprocess.Popen(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
             "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en", "--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank"],
            preexec_fn=place, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"HOME": folder, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
        os.close(to_read)
        os.close(to_write)
        self.rest, self.count, self.events, self.session = b"", 0, [], None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def message(self, until):
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.back], [], [], max(0, until - time.monotonic()))
            chunk = os.read(self.back, 1 << 20) if ready else b""
            if not chunk:
                raise TimeoutError("chromium does not answer")
            self.rest += chunk
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **parameters):
        self.count += 1
        call = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            call["sessionId"] = self.session
        left = json.dumps(call).encode() + b"\0"
        while left:
            left = left[os.write(self.to, left):]
        until = time.monotonic() + SECONDS
        while True:
            message = self.message(until)
            if message.get("id") == self.count:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def open(self, path, width=1200, scheme="light"):
        self.events = []
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("Page.navigate", url=path.as_uri())
        until = time.monotonic() + SECONDS
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message(until))
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def run(self, expression):
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def key(self, key, code):
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def picture(self, path):
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def events_of(self, *methods):
        return [event["params"] for event in self.events if event["method"] in methods]

    def close(self):
        try:
            self.session = None
            self.ask("Browser.close")
            self.process.wait(20)
        except (TimeoutError, RuntimeError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


checks = failed = 0


def expect(good, what):
    global checks, failed
    checks += 1
    if not good:
        failed += 1
        print(f"FAILED {what}")


CHARTS = """[...document.querySelectorAll('.plot')].map(plot => ({
  label: plot.getAttribute('aria-label'), role: plot.getAttribute('role'),
  caption: plot.closest('section').querySelector('h2')?.textContent,
  rows: plot.closest('section').querySelectorAll('details tbody tr').length,
  paths: [...plot.querySelectorAll('svg path')].filter(path => path.getTotalLength() > 3).length,
  seen: [...plot.querySelectorAll('svg path, svg rect')].filter(one => {
    const box = one.getBoundingClientRect(), fill = getComputedStyle(one).fill, stroke = getComputedStyle(one).stroke;
    return box.width * box.height > 4 && (fill !== 'none' || stroke !== 'none'); }).length,
  texts: [...plot.querySelectorAll('svg text')].map(text => text.textContent).join(' '),
  wide: plot.querySelector('svg')?.getBoundingClientRect().width > document.documentElement.clientWidth}))"""


def look_at(browser, path, charts):
    """All that must hold of any page; `charts`: how many it has."""
    name = path.name
    size = path.stat().st_size
    print(f"{name}: {size / 1e6:.2f} MB, {charts} charts")
    expect(size < MOST_BYTES, f"{name}: {size} bytes")
    browser.open(path)

    drawn = browser.run(CHARTS)
    expect(len(drawn) == charts, f"{name}: {len(drawn)} charts, not {charts}")
    for chart in drawn:
        where = f"{name}: {(chart['caption'] or '')[:40]}"
        expect(chart["caption"], f"{where}: a chart has no title")
        expect(chart["role"] == "img" and len(chart["label"] or "") > 20, f"{where}: no label: {chart['label']}")
        expect(chart["rows"] > 0, f"{where}: no table beside it")
        expect(chart["paths"] > 2 and chart["seen"] > 0, f"{where}: no ink ({chart['paths']} paths, {chart['seen']} seen)")
    expect(browser.run("document.title").endswith("Hinterland"), f"{name}: its title")

    # Tab walks through both languages, every chart and every scrolling table.
    stops = browser.run("document.querySelectorAll('button, .plot, .scroll, summary').length")
    reached = []
    for _ in range(stops + 2):
        browser.key("Tab", 9)
        reached.append(browser.run("document.activeElement.className.split(' ')[0] + (document.activeElement.dataset.chart ?? document.activeElement.lang)"))
    expect({"en", "zh-Hans"} <= set(reached), f"{name}: Tab does not reach the language switch: {reached[:5]}")
    expect({f"plot{i}" for i in range(charts)} <= set(reached), f"{name}: Tab does not reach every chart")

    if charts:
        browser.run("document.querySelector('.plot').focus()")
        browser.key("ArrowRight", 39)
        browser.run("new Promise(done => setTimeout(done, 60))")
        tip = browser.run("[...document.querySelectorAll('.plot > div')].map(div => div.textContent).join('')")
        expect(tip, f"{name}: arrow keys show nothing")

    # The switch, by keyboard.
    english = browser.run("document.body.innerText")
    labels = [chart["label"] for chart in drawn]
    browser.run("document.querySelector('button[lang=zh-Hans]').focus()")
    browser.key("Enter", 13)
    chinese = browser.run("document.body.innerText")
    expect(browser.run("document.documentElement.lang") == "zh-Hans", f"{name}: the switch does not switch")
    expect(chinese != english and "离线" in chinese and "offline" not in chinese, f"{name}: Chinese is not shown")
    expect(all(a["label"] != b for a, b in zip(browser.run(CHARTS), labels)), f"{name}: labels stay English")
    expect(browser.run("localStorage.length + sessionStorage.length + document.cookie.length") == 0, f"{name}: remembers something")

    # Narrow: the page itself does not scroll sideways.
    browser.ask("Emulation.setDeviceMetricsOverride", width=400, height=800, deviceScaleFactor=1, mobile=False)
    browser.run("new Promise(done => setTimeout(done, 200))")
    expect(browser.run("document.documentElement.scrollWidth") <= 400, f"{name}: wider than a narrow screen")
    expect(not any(chart["wide"] for chart in browser.run(CHARTS)), f"{name}: a chart is wider than a narrow screen")

    loud = [str(one)[:300] for one in browser.events_of("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")]
    expect(not loud, f"{name}: on the console: {loud}")
    asked = [one["request"]["url"][:80] for one in browser.events_of("Network.requestWillBeSent") if one["request"]["url"] != path.as_uri()]
    expect(not [url for url in asked if not url.startswith("data:")], f"{name}: requests: {asked}")
    expect(browser.run("window.hurt === undefined"), f"{name}: a name ran as a script")


def take_pictures(browser, path):
    for kind, width, scheme, chinese in (("light", 1200, "light", False), ("dark", 1200, "dark", False), ("narrow", 400, "light", False), ("chinese", 1200, "light", True)):
        browser.open(path, width, scheme)
        if chinese:
            browser.run("document.querySelector('button[lang=zh-Hans]').click()")
        browser.run("new Promise(done => setTimeout(done, 200))")
        browser.picture(pictures / f"{path.stem}-{kind}.png")
    browser.ask("Emulation.setEmulatedMedia", media="")
    pdf = browser.ask("Page.printToPDF", printBackground=False)
    (pictures / f"{path.stem}.pdf").write_bytes(base64.b64decode(pdf["data"]))
    browser.open(path, 800)
    browser.ask("Emulation.setEmulatedMedia", media="print")
    browser.picture(pictures / f"{path.stem}-print.png")
    browser.ask("Emulation.setEmulatedMedia", media="")


def wrong_pages_are_noticed(browser, folder):
    """What the checks are worth: a page that asks the network, runs a name and says something is told from a good one."""
    path = folder / "wrong.html"
    path.write_text("<!doctype html><title>x</title><img src='https://example.invalid/x.png'><script>window.hurt=1;console.error('x')</script>")
    browser.open(path)
    browser.run("new Promise(done => setTimeout(done, 100))")
    expect(browser.run("window.hurt") == 1, "self-test: scripts do not run")
    expect(browser.events_of("Runtime.consoleAPICalled"), "self-test: the console is not heard")
    expect(any("example" in one["request"]["url"] for one in browser.events_of("Network.requestWillBeSent")), "self-test: requests are not seen")


with tempfile.TemporaryDirectory() as folder_name:
    folder = pathlib.Path(folder_name)
    pages = [(folder / "sample.html", 7, [sample, str(folder / "sample.html")], 0)]
    if program != "-":
        world = str(folder / "world")
        small_world.write_world(pathlib.Path("data/atlas/china"), pathlib.Path(world), small_world.io_table(30.0))
        # name, charts, verb, exit code; a verdict has map, bars, tornado and three maps of hours a side
        for name, charts, verb, code in [
            ("judge", 9, "judge film-render --from shanghai", 0),
            ("stay", 9, "judge log-scan --from beijing --to guian", 1),
            ("fill", 3, "fill zhongwei --idle 4", 0),
            ("simulate", 5, "simulate examples/drought.toml", 0),
            ("pue", 2, "pue guian", 0),
            ("weather", 2, "weather guian", 0),
            ("rates", 2, "rates metro-shanghai", 0),
            ("atlas", 2, "atlas show", 0),
            ("table", 0, "atlas show sites", 0),
            ("claims", 1, "claims check", 0),
            ("claim", 0, "claims check --id C08", 0),
            ("inequality", 4, "assess inequality --groups two", 0),
            ("places", 1, "assess inequality --table data/atlas/china/regions.csv --value gdp_1e8_cny", 0),
            ("pipeline", 1, "assess pipeline --draws 400", 0),
            ("talent", 2, "assess talent guian --draws 200", 0),
            ("people", 3, "assess people --model two --draws 20", 0),
            ("plan", 5, "plan examples/edwc.toml --set days=1 --set demand_mw=2000", 0),
            ("shock", 3, f"assess shock examples/coast-shock.toml --draws 5 --atlas {world}", 0),
            ("effect", 3, f"assess plan --mw guian=30 --fill zhongwei=2 --draws 5 --atlas {world}", 0),
        ]:
            path = folder / f"{name}.html"
            pages.append((path, charts, [program, *verb.split(), "--report", str(path)], code))
    browser = Browser(str(folder / "profile"))
    try:
        wrong_pages_are_noticed(browser, folder)
        for path, charts, command, code in pages:
            made = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=SECONDS)
            expect(made.returncode == code and path.is_file(), f"{command[1:4]} ends with {made.returncode}: {made.stderr}")
            if not path.is_file():
                continue
            if path.name != "sample.html":
                expect(str(path) in made.stderr, f"{path.name}: it does not say where the report is")
            look_at(browser, path, charts)
            if path.stem == "inequality":
                texts = browser.run("[...document.querySelectorAll('svg text')].map(one => one.textContent)")
                expect("2010" in texts and not any(text.startswith("2.0") and text.endswith("k") for text in texts),
                       f"{path.name}: years are not written whole: {texts[:20]}")
            if path.stem in ("shock", "effect"):
                # Figures with their bands, many side by side, fit a laptop's screen without a table that scrolls.
                browser.ask("Emulation.setDeviceMetricsOverride", width=1200, height=800, deviceScaleFactor=1, mobile=False)
                browser.run("document.querySelector('button[lang=en]').click(), new Promise(done => setTimeout(done, 200))")
                cut = browser.run("[...document.querySelectorAll('.scroll')].filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.innerText.slice(0, 40))")
                expect(not cut, f"{path.name}: tables are wider than 1200 pixels allow: {cut}")
            if pictures:
                take_pictures(browser, path)
    finally:
        browser.close()

print(f"{checks - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
