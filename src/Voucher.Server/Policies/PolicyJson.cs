using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Voucher.Server.Policies;

/// <summary>How packs are kept in the database, and how they are written as files for people.</summary>
public static class PolicyJson
{
    public static readonly JsonSerializerOptions Kept = new(JsonSerializerDefaults.Web);

    /// <summary>Names instead of numbers; a name that no pack has is a fault, or a slip of the pen would silently mean the usual.</summary>
    public static readonly JsonSerializerOptions File = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
    };
}
