namespace Voucher.E2E.Screen;

/// <summary>Measures what is on the screen, and can be used, at this moment.</summary>
public static class ScreenMeasures
{
    /// <summary>What can be used and seen now: nothing below the topmost layer.</summary>
    private const string Common = """
        const seen = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest('[inert]')
          && element.getBoundingClientRect().width > 1 && !element.closest('.unseen');
        const nameOf = element => `${element.tagName.toLowerCase()}#${element.id}.${element.className} "${(element.textContent ?? '').trim().slice(0, 30)}"`;
        const targets = 'button, a[href], select, textarea, input:not([type=radio]):not([type=checkbox]):not([type=file]), label.choice, label.check-line';
        """;

    /// <summary>Every target that is less than 48 px wide or high.</summary>
    public static Task<string[]> SmallTargetsAsync(IPage page) => page.EvaluateAsync<string[]>("() => {" + Common + """
          const least = 47.5;
          return [...document.querySelectorAll(targets)].filter(seen)
            .map(element => [element, element.getBoundingClientRect()])
            .filter(([, box]) => box.width < least || box.height < least)
            .map(([element, box]) => `${nameOf(element)} ${box.width.toFixed(0)}×${box.height.toFixed(0)}`);
        }
        """);

    /// <summary>Every text whose contrast is less than WCAG AA asks: 4.5, or 3 from 24 px, or bold from 18.66 px.</summary>
    public static Task<string[]> FaintTextsAsync(IPage page) => page.EvaluateAsync<string[]>("() => {" + Common + """
          const parse = text => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
          const over = (top, under) => ({ r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1 });
          const channel = value => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
          const luminance = ({ r, g, b }) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
          const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
          const behind = element => {
            const layers = [];
            for (let at = element; at; at = at.parentElement) {
              const color = parse(getComputedStyle(at).backgroundColor);
              layers.push(color);
              if (color.a === 1) break;
            }
            return layers.reverse().reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
          };
          const opacityOf = element => { let all = 1; for (let at = element; at; at = at.parentElement) all *= Number(getComputedStyle(at).opacity); return all; };
          const faint = [];
          const check = (element, style, text) => {
            const background = behind(element);
            const color = parse(style.color);
            const ratio = contrast(over({ ...color, a: color.a * opacityOf(element) }, background), background);
            const size = parseFloat(style.fontSize);
            const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            if (ratio < (isLarge ? 3 : 4.5)) faint.push(`${nameOf(element)} "${text.slice(0, 30)}" ${ratio.toFixed(2)}`);
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          let checked = 0;
          while (walker.nextNode()) {
            const { parentElement: element, textContent } = walker.currentNode;
            if (!textContent.trim() || element.closest('script, noscript, option') || !seen(element)) continue;
            check(element, getComputedStyle(element), textContent.trim());
            checked++;
          }
          for (const field of document.querySelectorAll('input, select')) {
            if (!seen(field)) continue;
            check(field, getComputedStyle(field), field.value);
            if (field.placeholder) check(field, { ...props(getComputedStyle(field, '::placeholder')) }, field.placeholder);
          }
          function props(style) { return { color: style.color, fontSize: style.fontSize, fontWeight: style.fontWeight }; }
          // A measure that finds nothing to measure has found nothing good either.
          return checked > 5 ? faint : ['nothing was measured'];
        }
        """);

    /// <summary>What of the verdict or the bar does not fit on the screen; the page to its side, too.</summary>
    public static Task<string[]> CutOffAsync(IPage page) => page.EvaluateAsync<string[]>("""
        () => {
          const verdict = document.getElementById('verdict');
          const parts = ['verdict-title', 'verdict-holder', 'verdict-next', 'verdict-case', 'verdict-reason', 'verdict-close', 'verdict-picture'].map(id => document.getElementById(id));
          const cut = verdict.hidden ? [] : parts.filter(part => part.textContent || part.innerHTML).filter(part => {
            const box = part.getBoundingClientRect();
            return box.width > 0 && (box.top < 0 || box.bottom > innerHeight + 1 || box.left < 0 || box.right > innerWidth + 1);
          }).map(part => part.id);
          const [bar, who, end] = ['.bar', '.bar-who', '.bar-end'].map(part => document.querySelector(part));
          if (bar.scrollHeight > bar.clientHeight + 1) cut.push(`the bar needs ${bar.scrollHeight} px and has ${bar.clientHeight}`);
          if (end.getBoundingClientRect().top >= who.getBoundingClientRect().bottom) cut.push('the bar breaks its first row');
          if (who.clientWidth < 90) cut.push(`the institution has ${who.clientWidth} px`);
          return document.documentElement.scrollWidth > innerWidth ? [...cut, `page ${document.documentElement.scrollWidth} px wide`] : cut;
        }
        """);

    /// <summary>Tab by Tab once round: what cannot be reached, and where the focus cannot be seen.</summary>
    public static async Task<List<string>> UnreachedAsync(IPage page)
    {
        const int mostTabs = 80;
        await page.EvaluateAsync("() => {" + Common + """
              // One of a group of radio buttons stands for all: arrows go on from there.
              const stops = `${targets}, input[type=radio]`.replace('label.choice, label.check-line, ', '').replace(', label.choice, label.check-line', '');
              window.unreached = new Set([...document.querySelectorAll(stops)].filter(one => seen(one) && one.tabIndex >= 0 && !one.disabled));
              window.groups = new Set();
            }
            """);
        var faults = new List<string>();
        for (var tabs = 0; tabs < mostTabs; tabs++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await LookAtFocusAsync(page) is { } fault) faults.Add(fault);
            if (await page.EvaluateAsync<int>("() => window.unreached.size") == 0) break;
        }
        faults.AddRange(await page.EvaluateAsync<string[]>("() => [...window.unreached].map(one => `not reached: ${one.id || one.className || one.textContent}`)"));
        return [.. faults.Distinct(StringComparer.Ordinal)];
    }

    private static Task<string?> LookAtFocusAsync(IPage page) => page.EvaluateAsync<string?>("""
        () => {
          const { activeElement: at } = document;
          if (!at || at === document.body) return null;
          for (const one of [...window.unreached]) if (one === at || (at.type === 'radio' && one.name === at.name)) window.unreached.delete(one);
          const shown = at.closest('.choice') ?? at;
          const { outlineStyle, outlineWidth } = getComputedStyle(shown);
          return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 ? null : `focus is not seen: ${at.id || at.className}`;
        }
        """);
}
