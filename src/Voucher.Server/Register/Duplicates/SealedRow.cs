using System.Text.Json;
using System.Text.Json.Serialization;

namespace Voucher.Server.Register.Duplicates;

/// <summary>A row that waits for a decision: all that it says, sealed, because nobody knows yet whom it means.</summary>
public sealed class SealedRow(PersonalData personalData)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new NumberConverter(), new PlaceConverter() } };

    public byte[] Seal(PersonStatement statement) => personalData.SealBytes(JsonSerializer.SerializeToUtf8Bytes(statement, Json));

    public PersonStatement Open(byte[] secret) =>
        JsonSerializer.Deserialize<PersonStatement>(personalData.OpenBytes(secret), Json) ?? throw new InvalidOperationException("A case has no row.");

    private sealed class NumberConverter : JsonConverter<IdNumber>
    {
        public override IdNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => IdNumber.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, IdNumber value, JsonSerializerOptions options) => writer.WriteStringValue(value.Reveal());
    }

    private sealed class PlaceConverter : JsonConverter<PlaceCode>
    {
        public override PlaceCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, PlaceCode value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }
}
