using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Settings;

/// <summary>What a site may set, in <c>terminal.settings.json</c> beside the data. Every field may be left out.</summary>
/// <param name="Server">The county's server, shown on the pairing page; where a server has moved, the paired one is reached here.</param>
/// <param name="Port">The kiosk page's port on this machine.</param>
/// <param name="Lan">Tablets on the local network may use this terminal.</param>
/// <param name="LanPort">Where they reach it, by HTTPS.</param>
/// <param name="LogFiles">How many files of log are kept.</param>
/// <param name="LogMegabytes">Size of one of them.</param>
/// <param name="Language">zh or en: in which the pages begin.</param>
internal sealed record TerminalSettings(
    Uri? Server = null, int Port = 5090, bool Lan = false, int LanPort = 5443, int LogFiles = 5, int LogMegabytes = 2, string Language = "zh")
{
    public const string FileName = "terminal.settings.json";
    public const int LowestPort = 1024;
    public const int HighestPort = 65_535;
    public const int MostLogFiles = 20;
    public const int MostLogMegabytes = 20;
    public const int LongestFile = 16 * 1024;

    public static readonly TerminalSettings Default = new();

    /// <summary>Fields that the running program does not take in: it has to be started again.</summary>
    public IEnumerable<string> NeedingRestart(TerminalSettings next)
    {
        if (Server != next.Server) yield return "server";
        if (Port != next.Port) yield return "port";
        if (Lan != next.Lan) yield return "lan";
        if (LanPort != next.LanPort) yield return "lanPort";
    }

    /// <summary>Reads a file's text; every field that cannot be used is named, and one that is not known too (it may be misspelt).</summary>
    public static Outcome<TerminalSettings> Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return NotAnObject;
            var (settings, errors) = (Default, new List<FieldError>());
            foreach (var field in document.RootElement.EnumerateObject()) settings = Take(settings, field, errors);
            if (settings.Lan && settings.Port == settings.LanPort) errors.Add(new("lanPort", new("不能与 port 相同。", "Must differ from port.")));
            return errors.Count > 0 ? errors : settings;
        }
        catch (JsonException wrong)
        {
            var line = (wrong.LineNumber ?? 0) + 1;
            return new List<FieldError> { new("file", new($"第 {line} 行不是正确的 JSON。", $"Line {line} is not valid JSON.")) };
        }
    }

    private static List<FieldError> NotAnObject => [new("file", new("应以 { 开头、以 } 结尾。", "Must begin with { and end with }."))];

    private static TerminalSettings Take(TerminalSettings settings, JsonProperty field, List<FieldError> errors)
    {
        var value = field.Value;
        switch (field.Name)
        {
            case "server":
                if (value.ValueKind == JsonValueKind.String && new PairingOrder(value.GetString(), Code: null, Name: null).ServerAddress() is { } server)
                    return settings with { Server = server };
                return Wrong(new("应为服务器地址，例如 https://voucher.example.gov.cn", "Must be an address such as https://voucher.example.gov.cn"));
            case "port": return Number(LowestPort, HighestPort) is { } port ? settings with { Port = port } : settings;
            case "lanPort": return Number(LowestPort, HighestPort) is { } lanPort ? settings with { LanPort = lanPort } : settings;
            case "logFiles": return Number(1, MostLogFiles) is { } files ? settings with { LogFiles = files } : settings;
            case "logMegabytes": return Number(1, MostLogMegabytes) is { } size ? settings with { LogMegabytes = size } : settings;
            case "lan":
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? settings with { Lan = value.GetBoolean() } : Wrong(new("应为 true 或 false。", "Must be true or false."));
            case "language":
                return value.ValueKind == JsonValueKind.String && value.GetString() is "zh" or "en" ? settings with { Language = value.GetString()! } : Wrong(new("应为 \"zh\" 或 \"en\"。", "Must be \"zh\" or \"en\"."));
            default:
                return Wrong(new("没有这一项设置。", "There is no such setting."));
        }

        TerminalSettings Wrong(Words problem)
        {
            errors.Add(new(field.Name, problem));
            return settings;
        }

        int? Number(int least, int most)
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most) return number;
            Wrong(new($"应为 {least} 至 {most} 的整数。", $"Must be a whole number from {least} to {most}."));
            return null;
        }
    }
}
