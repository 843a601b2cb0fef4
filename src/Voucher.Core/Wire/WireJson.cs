using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Voucher.Core.Wire;

/// <summary>How scans, receipts and what else a journal holds are written as JSON, without looking at types while the server runs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ScanRequest))]
[JsonSerializable(typeof(ScanAnswer))]
[JsonSerializable(typeof(HeadReceipt))]
[JsonSerializable(typeof(CorrectionRequest))]
public sealed partial class WireJson : JsonSerializerContext
{
    public static string Write(ScanAnswer answer) => JsonSerializer.Serialize(answer, Default.ScanAnswer);

    /// <exception cref="JsonException">It is not an answer: the store is damaged.</exception>
    public static ScanAnswer ReadAnswer(string json) => JsonSerializer.Deserialize(json, Default.ScanAnswer) ?? throw new JsonException("An answer is null.");

    /// <summary>UTF-8 of a request at the end of a buffer; the same content always gives the same bytes.</summary>
    public static void WriteTo(IBufferWriter<byte> buffer, ScanRequest scan)
    {
        using var writer = new Utf8JsonWriter(buffer);
        JsonSerializer.Serialize(writer, scan, Default.ScanRequest);
    }
}
