namespace Voucher.Testing;

/// <summary>Neither were services given in the environment nor could private ones be started.</summary>
public sealed class ServicesNotHereException : Exception
{
    public ServicesNotHereException() { }

    public ServicesNotHereException(string message) : base(message) { }

    public ServicesNotHereException(string message, Exception innerException) : base(message, innerException) { }
}
