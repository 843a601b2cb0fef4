using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using System.Text.Json;

namespace Voucher.Server.Operating.Limits;

/// <summary>SignalR's JSON protocol, which counts what it cannot read: the hub itself never gets to see that.</summary>
public sealed class CountingHubProtocol(IOptions<JsonHubProtocolOptions> options, BadInputs badInputs) : IHubProtocol
{
    private const string Where = "hub";
    private readonly JsonHubProtocol _json = new(options);

    public string Name => _json.Name;
    public int Version => _json.Version;
    public TransferFormat TransferFormat => _json.TransferFormat;

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        try
        {
            if (!_json.TryParseMessage(ref input, binder, out message)) return false;
        }
        catch (InvalidDataException)
        {
            badInputs.Count(BadInputKind.Malformed, Where);
            throw;
        }
        if (KindOf(message) is { } kind) badInputs.Count(kind, Where);
        return true;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _json.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _json.GetMessageBytes(message);

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    /// <summary>
    /// A call whose arguments do not fit, or to a method that is not there; an answer or an item that nobody asked for.
    /// </summary>
    private static BadInputKind? KindOf(HubMessage message) => message switch
    {
        InvocationBindingFailureMessage { BindingFailure.SourceException: var fault } => fault switch
        {
            HubException => BadInputKind.OutOfOrder,
            _ when IsUnknownField(fault) => BadInputKind.UnknownField,
            _ => BadInputKind.WrongType,
        },
        CompletionMessage or StreamItemMessage or StreamBindingFailureMessage or StreamInvocationMessage or CancelInvocationMessage => BadInputKind.OutOfOrder,
        _ => null,
    };

    private static bool IsUnknownField(Exception fault) =>
        fault is JsonException json ? JsonFaults.IsUnknownField(json) : fault.InnerException is { } inner && IsUnknownField(inner);
}
