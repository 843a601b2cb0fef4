using System.Text.Json;

namespace Voucher.Terminal;

/// <summary>JSON as server and terminal speak it, over REST and over the hub, and as the journal keeps it.</summary>
internal static class WebJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
}
